// The command dkr-ls lists the images of a Docker engine.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// grace is how long a run may take to end by itself after a signal.
const grace = 50 * time.Millisecond

func main() {
	ctx, cancel := context.WithCancelCause(context.Background())
	done := make(chan int, 1)
	go func() { done <- run(ctx, os.Args[1:], thisProcess()) }()

	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	select {
	case status := <-done:
		os.Exit(status)
	case sig := <-signals:
		signal.Stop(signals) // a second one kills
		cancel(context.Canceled)
		select {
		case <-done:
		case <-time.After(grace):
		}
		os.Exit(signalStatus(sig))
	}
}

// signalStatus is a shell's exit status of a process that sig has ended.
func signalStatus(sig os.Signal) int {
	number, ok := sig.(syscall.Signal)
	if !ok {
		return exitFailure
	}
	return 128 + int(number)
}
