// The command dkr-ls lists the images of a Docker engine.
package main

import (
	"context"
	"io"
	"log"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/docker/cli/cli-plugins/socket"
	"github.com/sirupsen/logrus"
)

// grace is how long a run may take to end by itself once it is interrupted.
const grace = 50 * time.Millisecond

func main() {
	runtime.MemProfileRate = 0 // it takes memory, and nobody looks at it
	silence()
	ctx, cancel := context.WithCancelCause(context.Background())
	stdout, ended := newLineWriter(os.Stdout), make(chan int, 1)
	signals := interruptions()
	go func() { ended <- run(ctx, os.Args[1:], thisProcess(stdout)) }()
	select {
	case status := <-ended:
		os.Exit(status)
	case sig := <-signals:
		signal.Stop(signals) // a second one kills
		by := &interruption{sig}
		cancel(by)
		stdout.stop()
		select {
		case <-ended:
		case <-time.After(grace):
		}
		os.Exit(by.status())
	}
}

// silence turns off the loggers that libraries have of their own: net/http logs what an engine
// sends unasked, docker's connection to ssh logs its end. What matters is returned as an error.
func silence() {
	log.SetOutput(io.Discard)
	logrus.SetOutput(io.Discard)
}

// An interruption is a signal that has ended a run.
type interruption struct{ signal os.Signal }

func (i *interruption) Error() string { return i.signal.String() }

// status is a shell's exit status of a process that the signal has ended.
func (i *interruption) status() int {
	number, ok := i.signal.(syscall.Signal)
	if !ok {
		return exitFailure
	}
	return 128 + int(number)
}

// interruptions are the signals that end a run.
func interruptions() chan os.Signal {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	// Docker does not pass a signal on to its plugins, but closes a socket of theirs.
	socket.ConnectAndWait(func() {
		select {
		case signals <- syscall.SIGTERM:
		default: // a signal has come already
		}
	})
	return signals
}
