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

func main() {
	runtime.MemProfileRate = 0 // it takes memory, and nobody looks at it
	silence()
	os.Exit(run(context.Background(), os.Args[1:], thisProcess()))
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

// untilSignal is ctx until SIGINT or SIGTERM comes, which is then its cause. It ends the process if
// that has not ended by itself after the grace; a second signal kills at once. Only code that may
// wait needs it: until then, signals act as usual.
func untilSignal(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	// Docker does not pass a signal on to its plugins, but closes a socket of theirs.
	socket.ConnectAndWait(func() {
		select {
		case signals <- syscall.SIGTERM:
		default: // a signal has come already
		}
	})
	go func() {
		select {
		case <-ctx.Done():
		case sig := <-signals:
			signal.Stop(signals)
			by := &interruption{sig}
			cancel(by)
			<-time.After(grace)
			os.Exit(by.status())
		}
	}()
	return ctx, func() { signal.Stop(signals); cancel(nil) }
}

// exitAfter ends the process once a duration is over, and it has had the time for its last words.
func exitAfter(d time.Duration) {
	const lastWords = 30 * time.Millisecond
	time.AfterFunc(d, func() {
		<-time.After(lastWords) // from now on, on a machine that was busy
		os.Exit(exitFailure)
	})
}
