package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/docker/cli/cli-plugins/metadata"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// Manners on stderr: errors are lower case without a full stop, one line each, and end in
// something to try. Wrong use is followed by the usage line. A run that succeeds is silent.

// Exit statuses.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

// A process is what run may touch of the outside world.
type process struct {
	stdout, stderr io.Writer
	now            func() time.Time
	getenv         func(string) string
	plugin         bool // docker runs the program as a plugin
	// connect makes the client of the engine that the root flags choose. It sends nothing yet.
	connect func(endpoint.Options, *slog.Logger) (lister.Engine, error)
	// contexts are the names of all docker contexts in a folder, "" for docker's usual one, and an
	// error for each that cannot be read.
	contexts func(folder string) ([]string, []error)
	// columns is how wide the terminal is that stderr goes to; 0, or nil: it goes elsewhere.
	columns func() int
}

func thisProcess(stdout io.Writer) process {
	var docker *endpoint.Docker
	var once sync.Once // for all contexts
	return process{
		stdout: stdout,
		stderr: patientStderr(),
		now:    time.Now,
		getenv: os.Getenv,
		plugin: isPlugin(os.Args[0]),
		connect: func(o endpoint.Options, log *slog.Logger) (lister.Engine, error) {
			once.Do(func() { docker = endpoint.Setup(o.Folder, os.Getenv, log) })
			o.UserAgent = userAgent()
			ep, err := docker.Locate(o)
			if err != nil {
				return nil, err
			}
			return engine.NewClient(ep, log)
		},
		contexts: func(folder string) ([]string, []error) { return endpoint.Contexts(folder, os.Getenv) },
		columns:  columns,
	}
}

// run is the program: it carries out args, which do not hold the program's name, and returns the
// exit status.
func run(ctx context.Context, args []string, p process) int {
	if len(args) > 1 && args[0] == completeCall {
		_ = p.complete(ctx, args[1:]) // a shell listens, and it knows no errors
		return exitOK
	}
	err := dispatch(ctx, args, p)
	var usage *usageError
	var by *interruption
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &by): // the user interrupted it, so there is nothing to say
		return by.status()
	case errors.As(err, &usage):
		p.report(err, p.named(usage.usage))
		return exitUsage
	}
	var some *someError
	if !errors.As(err, &some) {
		some = &someError{[]error{err}}
	}
	for _, err := range some.errs {
		p.report(err, "")
	}
	return exitFailure
}

// report tells on stderr, and to GitHub Actions, what went wrong.
func (p process) report(err error, usage string) {
	text := endpoint.Redact(err.Error())
	_, _ = fmt.Fprintf(p.stderr, "Error: %s\n%s", lister.Escape(text), usage)
	slog.New(p.annotations()).Error(text)
}

// dispatch carries out what args ask for.
func dispatch(ctx context.Context, args []string, p process) error {
	if p.plugin && len(args) > 0 && args[0] == metadata.MetadataSubcommandName {
		return p.printMetadata()
	}
	asked, err := p.parse(args)
	if err != nil {
		return err
	}
	switch {
	case asked.root.version:
		return printVersion(p.stdout)
	case asked.root.help:
		return p.printHelp(asked.command)
	}
	return asked.carryOut(ctx, p)
}

// carryOut does what is asked for, and logs it.
func (asked *invocation) carryOut(ctx context.Context, p process) (err error) {
	p, waiting := p.withWaitingLine()
	log, closeLog, err := asked.root.logger(p)
	if err != nil {
		return err
	}
	defer func() { err = both(err, closeLog()) }()
	start := time.Now()
	err = asked.action(ctx, &session{process: p, root: &asked.root, log: log, waiting: waiting}, asked.args)
	if by := (*interruption)(nil); errors.As(context.Cause(ctx), &by) {
		err = by
	}
	log.DebugContext(ctx, "done", "command", asked.command.name, "took", time.Since(start), "err", err)
	return err
}
