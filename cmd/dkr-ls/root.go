package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// rootOptions are the flags that every command takes, before its name and after it.
type rootOptions struct {
	hosts    []string // each --host: more than one is wrong use
	contexts []string
	timeout  time.Duration // 0: forever
	level    slog.Level
	logFile  string
	help     bool
	version  bool
	docker   endpoint.Options // what else docker's own flags choose, before a plugin's name
}

// allContexts is what --context takes for all of them.
const allContexts = "*"

// several reports whether the flags may choose more than one engine.
func (o *rootOptions) several() bool {
	return len(o.contexts) > 1 || slices.Contains(o.contexts, allContexts)
}

// endpoint returns which engine to ask, unless the flags choose several.
func (o *rootOptions) endpoint() endpoint.Options {
	options := o.docker
	if len(o.hosts) > 0 {
		options.Host, options.DefaultHost = o.hosts[0], o.hosts[0] == ""
	}
	if len(o.contexts) > 0 {
		options.Context = o.contexts[0]
	}
	return options
}

// defaultTimeout bounds how long an unattended run waits, as in a script.
const defaultTimeout = 30 * time.Second

func (o *rootOptions) flags() *pflag.FlagSet {
	flags := newFlagSet(program)
	o.timeout, o.level = defaultTimeout, slog.LevelWarn
	flags.StringArrayVarP(&o.hosts, "host", "H", nil, "ask the engine at this `address`: unix:///var/run/docker.sock, tcp://127.0.0.1:2375, ssh://user@host")
	flags.StringArrayVar(&o.contexts, "context", nil, "ask the engine of the docker context with this `name`; may be repeated, '*' is all of them: a column shows which")
	flags.Func("timeout", "give up on an engine after this `duration`, such as 10s or 2m; 0 is never", timeout(&o.timeout))
	describe(flags, "timeout", defaultTimeout.String())
	flags.Func("log-level", "log to stderr at this `level` and above: DEBUG, INFO, WARNING or ERROR", logLevel(&o.level))
	describe(flags, "log-level", "WARNING", levelNames()...)
	flags.StringVar(&o.logFile, "log-file", "", "also append the whole log, as JSON lines, to the file at `path`")
	flags.BoolVarP(&o.help, "help", "h", false, "show help")
	flags.BoolVar(&o.version, "version", false, "show the version")
	return flags
}

// nearest drops the engine that docker's own flags choose if the program's own flags choose another.
func (o *rootOptions) nearest(flags *pflag.FlagSet) {
	switch host, context := flags.Changed("host"), flags.Changed("context"); {
	case host && !context:
		o.contexts = nil
	case context && !host:
		o.hosts = nil
	}
}

// check refuses flags that contradict each other.
func (o *rootOptions) check() error {
	switch {
	case len(o.hosts) > 1:
		return errors.New("--host may be given only once")
	case len(o.hosts) == 1 && len(o.contexts) > 0:
		return errors.New("--host and --context cannot be used together")
	case len(o.contexts) > 1 && slices.Contains(o.contexts, ""):
		return errors.New("--context needs a name")
	case len(o.hosts) == 1:
		return endpoint.CheckHost("--host", o.hosts[0])
	}
	return nil
}

// bounded returns a context that ends when the engines have had their time to be found and to answer.
func (o *rootOptions) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.timeout == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, o.timeout, timeoutError(o.timeout))
}

// A timeoutError says how long was too long.
type timeoutError time.Duration

func (e timeoutError) Error() string { return fmt.Sprintf("no answer within %v", time.Duration(e)) }
func (timeoutError) Unwrap() error   { return context.DeadlineExceeded }
