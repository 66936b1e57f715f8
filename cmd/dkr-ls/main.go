// The command dkr-ls lists the images of a Docker engine.
package main

import (
	"context"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"github.com/docker/cli/cli-plugins/socket"
	"github.com/sirupsen/logrus"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// grace is how long a run may take to end by itself once it is interrupted.
const grace = 50 * time.Millisecond

func main() {
	runtime.MemProfileRate = 0 // a profile that is never read takes memory
	debug.SetGCPercent(20)     // measured: 100,000 images take half the memory, and a short listing collects twice
	silence()
	ctx, cancel := context.WithCancelCause(context.Background())
	stdout, ended := newLineWriter(os.Stdout), make(chan int, 1)
	signals := interruptions()
	go func() { ended <- run(ctx, os.Args[1:], thisProcess(stdout)) }()
	select {
	case status := <-ended:
		os.Exit(status)
	case sig := <-signals:
		signal.Stop(signals)                     // a second one kills
		by := interruption(sig.(syscall.Signal)) // as all of these are
		stdout.stop()
		cancel(by)
		select {
		case <-ended:
		case <-time.After(grace):
		}
		os.Exit(by.status())
	}
}

// silence turns off the loggers of libraries: net/http logs what an engine sends unasked, docker's
// connection to ssh logs its end. What matters is returned as an error.
func silence() {
	log.SetOutput(io.Discard)
	logrus.SetOutput(io.Discard)
}

// thisProcess returns the process that this program is.
func thisProcess(stdout io.Writer) *process {
	var docker *endpoint.Docker
	var once sync.Once // for all contexts
	p := &process{
		stdout: stdout,
		stderr: newStderr(os.Stdout, os.Stderr),
		now:    time.Now,
		getenv: os.Getenv,
		plugin: isPlugin(os.Args[0]),
		connect: func(o endpoint.Options, log *slog.Logger) (lister.Engine, error) {
			once.Do(func() { docker = endpoint.Setup(o.Folder, os.Getenv, log) })
			o.UserAgent = userAgent()
			endpoint, err := docker.Locate(o)
			if err != nil {
				return nil, err
			}
			return engine.NewClient(endpoint, log)
		},
		contexts: func(folder string) ([]string, []error) { return endpoint.Contexts(folder, os.Getenv) },
	}
	p.columns = terminalWidth(os.Stdout)
	if os.Getenv("CI") == "" && os.Getenv("TERM") != "dumb" {
		p.waiting.terminal, p.waiting.width = p.stderr, terminalWidth(os.Stderr)
		p.stderr = &p.waiting
	}
	return p
}

// An interruption is a signal that has ended a run.
type interruption syscall.Signal

func (i interruption) Error() string { return syscall.Signal(i).String() }

// status returns the exit status that shells report for a process that the signal has ended.
func (i interruption) status() int { return 128 + int(i) }

// interruptions returns the signals that end a run.
func interruptions() chan os.Signal {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	// Docker passes no signal on to its plugins, but closes a socket of theirs.
	socket.ConnectAndWait(func() {
		select {
		case signals <- syscall.SIGTERM:
		default: // a signal has come already
		}
	})
	return signals
}
