package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// rootOptions are the flags that every command takes, before its name and after it.
type rootOptions struct {
	host     string
	contexts []string
	timeout  timeout
	level    level
	logFile  string
	help     bool
	version  bool
	plugin   bool // of docker, some of whose flags have other names
}

// defaultTimeout bounds a run that nobody watches, as in a script.
const defaultTimeout = 30 * time.Second

func (o *rootOptions) flags() *pflag.FlagSet {
	flags := pflag.NewFlagSet(program, pflag.ContinueOnError)
	flags.SortFlags = false
	o.timeout, o.level = timeout(defaultTimeout), level(slog.LevelWarn)
	flags.StringVarP(&o.host, "host", "H", "", "ask the engine at this `address`: unix:///var/run/docker.sock, tcp://127.0.0.1:2375, ssh://user@host")
	contextShorthand := ""
	if o.plugin {
		contextShorthand = "c"
	}
	flags.StringArrayVarP(&o.contexts, "context", contextShorthand, nil, "ask the engine of the docker context with this `name`; may be repeated, and '*' is all of them: a column tells which")
	flags.Var(&o.timeout, "timeout", "give up after this `duration`, such as 10s or 2m; 0 is never")
	flags.Var(&o.level, "log-level", "log to stderr from this `level` on: DEBUG, INFO, WARNING or ERROR")
	flags.StringVar(&o.logFile, "log-file", "", "also log everything, as JSON lines, to the end of the file at `path`")
	flags.BoolVarP(&o.help, "help", "h", false, "show help")
	flags.BoolVar(&o.version, "version", false, "show the version")
	return flags
}

// several tells that the flags choose more engines than one, or may do so.
func (o *rootOptions) several() bool {
	return len(o.contexts) > 1 || slices.Contains(o.contexts, allContexts)
}

// check refuses flags that contradict each other.
func (o *rootOptions) check() error {
	if o.host != "" && len(o.contexts) > 0 {
		return errors.New("--host and --context name an engine each: choose one")
	}
	if o.host != "" {
		return engine.CheckHost("--host", o.host)
	}
	return nil
}

// bounded ends ctx when the time is up.
func (o *rootOptions) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.timeout == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, time.Duration(o.timeout), timeoutError(o.timeout))
}

// A timeoutError tells how long was too long.
type timeoutError time.Duration

func (e timeoutError) Error() string { return fmt.Sprintf("no answer within %v", time.Duration(e)) }
func (timeoutError) Unwrap() error   { return context.DeadlineExceeded }
