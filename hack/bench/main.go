//go:build unix

// The command bench measures dkr-ls against docker images, as whole processes that take turns, and
// prints a table of ratios. hack/bench.sh runs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) > 2 && os.Args[1] == "-once" {
		fail(once(ctx, os.Args[2:]))
		return
	}
	b := bench{}
	flag.StringVar(&b.dkrls, "dkr-ls", "bin/dkr-ls", "the dkr-ls to measure")
	flag.StringVar(&b.host, "host", "", "the address of a real engine, instead of stand-ins")
	flag.IntVar(&b.runs, "runs", 9, "runs of each command a row, after one that does not count")
	counts := flag.String("images", "8,10000,100000", "how many images the stand-ins have")
	flag.Parse()
	fail(b.table(ctx, strings.Split(*counts, ",")))
}

// fail ends the program if there is an error.
func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// A bench measures dkr-ls and docker on the engine at an address.
type bench struct {
	dkrls, host string
	runs        int
}

// A pair is a listing of dkr-ls, and docker's counterpart.
type pair struct{ ours, theirs string }

// table prints a row for all images of a real engine and for those of a team; or else for the start-up,
// and for each number of images, inventory and form of the list.
func (b bench) table(ctx context.Context, counts []string) error {
	fmt.Printf("dkr-ls against docker: medians of %d runs in turn (least to most)\n\n", b.runs)
	fmt.Println("| images | dkr-ls | wall | peak memory | dkr-ls, docker: s | dkr-ls, docker: MB |\n|---|---|---|---|---|---|")
	if b.host != "" {
		return b.rows(ctx, "real", pair{"tags", "images"}, pair{"tags --prefix team1/", "images"})
	}
	if err := b.rows(ctx, "none", pair{"--version", "--version"}); err != nil {
		return err
	}
	for _, count := range counts {
		n, err := strconv.Atoi(count)
		if err != nil {
			return err
		}
		for _, kind := range kinds() {
			if err := b.standIn(ctx, n, kind); err != nil {
				return err
			}
		}
	}
	return nil
}

// standIn measures all forms of the list on a stand-in engine.
func (b bench) standIn(ctx context.Context, n int, kind string) error {
	host, stop := serve(inventory(n, kind))
	defer stop()
	b.host = host
	return b.rows(ctx, fmt.Sprintf("%d, %s", n, kind),
		pair{"tags", "images"},
		pair{"tags -q", "images -q"},
		pair{"tags --format json", "images --format json"},
		pair{"tags --format {{.Repository}}:{{.Tag}}", "images --format {{.Repository}}:{{.Tag}}"},
		pair{"tags --keep 5", "images"},
		pair{"repos", "images"})
}

// rows measures each pair in turn, and prints the ratios.
func (b bench) rows(ctx context.Context, images string, pairs ...pair) error {
	for _, p := range pairs {
		var wall, memory, our, their, ourMB, theirMB []float64
		for i := range b.runs + 1 {
			a, err := b.measure(ctx, b.dkrls, p.ours)
			if err != nil {
				return err
			}
			d, err := b.measure(ctx, "docker", p.theirs)
			if err != nil {
				return err
			}
			if i > 0 {
				wall, our, their = append(wall, a.wall/d.wall), append(our, a.wall), append(their, d.wall)
				memory, ourMB, theirMB = append(memory, a.memory/d.memory), append(ourMB, a.memory), append(theirMB, d.memory)
			}
		}
		fmt.Printf("| %s | %s | %s | %s | %.3f, %.3f | %.0f, %.0f |\n", images, p.ours, ratio(wall), ratio(memory),
			median(our), median(their), median(ourMB), median(theirMB))
	}
	return nil
}

// A cost is what one run of a process took: seconds, and megabytes at the peak.
type cost struct{ wall, memory float64 }

// measure runs a command to its end. A child's peak of memory counts that of the process that forks it, so a
// small one does: this program, with the flag -once.
func (b bench) measure(ctx context.Context, program, args string) (c cost, err error) {
	cmd := exec.CommandContext(ctx, os.Args[0], append([]string{"-once", program}, strings.Fields(args)...)...)
	cmd.Env = append(os.Environ(), "DOCKER_HOST="+b.host, "DOCKER_CONTEXT=", "DOCKER_CONFIG=/nowhere")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return c, fmt.Errorf("%s: %w", cmd, err)
	}
	_, err = fmt.Sscan(string(out), &c.wall, &c.memory)
	return c, err
}

// once runs a command to its end, without its output, and prints its cost.
func once(ctx context.Context, args []string) error {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stderr = os.Stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", cmd, err)
	}
	wall := time.Since(start).Seconds()
	usage, _ := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	unit := 1.0
	if runtime.GOOS == "linux" { // which counts in KiB
		unit = 1024
	}
	_, err := fmt.Println(wall, float64(usage.Maxrss)*unit/1e6)
	return err
}

func ratio(all []float64) string {
	return fmt.Sprintf("%.2f (%.2f to %.2f)", median(all), slices.Min(all), slices.Max(all))
}

func median(all []float64) float64 {
	return slices.Sorted(slices.Values(all))[len(all)/2]
}
