package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/docker/cli/cli-plugins/metadata"
	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// On stderr, errors are lower case without a full stop, one line each, and end in one thing to try. The
// usage line follows wrong use. A run that succeeds is silent.

// Exit statuses.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

// A process is all of the outside world that run may touch.
type process struct {
	stdout, stderr io.Writer
	waiting        waitingLine // on stderr
	columns        int         // of the terminal that stdout is; 0: it is none
	now            func() time.Time
	getenv         func(string) string
	plugin         bool // docker runs the program as a plugin
	// connect returns a client of the engine that the options choose. It sends nothing yet.
	connect func(endpoint.Options, *slog.Logger) (lister.Engine, error)
	// contexts returns the names of all docker contexts in a folder, "" for docker's usual one, and
	// an error for each that cannot be read.
	contexts func(folder string) ([]string, []error)
}

// run carries out args, without the program's name, and returns the exit status.
func run(ctx context.Context, args []string, p *process) int {
	if len(args) > 1 && args[0] == completeCall {
		p.complete(ctx, args[1:])
		return exitOK
	}
	err := p.dispatch(ctx, args)
	var usage *usageError
	var by interruption
	switch {
	case errors.As(context.Cause(ctx), &by): // there is nothing to say to the user who sent it
		return by.status()
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		p.report(err, p.named(usage.usage))
		return exitUsage
	}
	for _, err := range split(err) {
		p.report(err, "")
	}
	return exitFailure
}

// report writes to stderr, and to GitHub Actions, what went wrong.
func (p *process) report(err error, usage string) {
	text := endpoint.Redact(err.Error())
	_, _ = fmt.Fprintf(p.stderr, "Error: %s\n%s", lister.Escape(text), usage)
	slog.New(p.annotations()).Error(text)
}

// dispatch carries out what args ask for.
func (p *process) dispatch(ctx context.Context, args []string) error {
	if p.plugin && len(args) > 0 && args[0] == metadata.MetadataSubcommandName {
		return p.printMetadata()
	}
	c := &call{process: p}
	err := c.parse(args, (*pflag.FlagSet).Parse)
	if err == nil && !c.wantsHelp() {
		err = c.check()
	}
	switch {
	case err != nil:
		return c.wrongUse(err, args)
	case c.root.version:
		return c.printVersion()
	case c.root.help:
		return c.printHelp(c.command)
	}
	return c.carryOut(ctx)
}

// carryOut carries out the command, and logs that.
func (c *call) carryOut(ctx context.Context) error {
	log, closeLog, err := c.logger()
	if err != nil {
		return err
	}
	c.log = log
	start := time.Now()
	err = c.command.do(ctx, c)
	log.DebugContext(ctx, "done", "command", c.command.name, "took", time.Since(start), "err", err)
	if lost := closeLog(); lost != nil {
		return append(split(err), lost)
	}
	return err
}

// failures are several errors, such as those of engines that did not answer: a line each.
type failures []error

func (f failures) Error() string { return errors.Join(f...).Error() }

// split returns the failures that err holds.
func split(err error) failures {
	var several failures
	if err != nil && !errors.As(err, &several) {
		return failures{err}
	}
	return several
}
