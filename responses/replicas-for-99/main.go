// Command replicas-for-99 prints how many replicas reach a target, for independent and for shared failures, by formula and by simulation.
//
//	go run ./replicas-for-99
package main

import (
	"fmt"
	"os"
	"text/tabwriter"
)

const (
	up      = 0.95 // one replica
	target  = 0.99
	moments = 1_000_000
	seed    = 1
)

func main() {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(out, "SHARED DOWNTIME\tN=1\tN=2\tN=3\tN=10\tN=2 SIMULATED\tREPLICAS FOR 99%")
	for _, beta := range []float64{0, 0.05, 0.10, 0.15, 0.18, 0.20, 0.50} {
		simulated, _ := Simulate(up, beta, 2, moments, seed)
		needed := "none suffices"
		if n, ok := Replicas(up, beta, target); ok {
			needed = fmt.Sprint(n)
		}
		_, _ = fmt.Fprintf(out, "%.0f%%\t%.2f%%\t%.2f%%\t%.2f%%\t%.2f%%\t%.2f%%\t%s\n", 100*beta,
			100*Shared(up, beta, 1), 100*Shared(up, beta, 2), 100*Shared(up, beta, 3), 100*Shared(up, beta, 10), 100*simulated, needed)
	}
	_ = out.Flush()
}
