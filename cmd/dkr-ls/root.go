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
	own     engines
	timeout time.Duration // 0: forever
	level   slog.Level
	logFile string
	help    bool
	version bool
	plugin  bool        // of docker, whose own flags are understood as well
	docker  dockerFlags // of a plugin
	outer   engines     // what docker's flags before the plugin's name choose
}

// engines are those that flags choose.
type engines struct {
	hosts    []string // as often as the flag is given, which is wrong beyond once
	contexts []string
}

// options choose the first of the engines.
func (e engines) options(o *rootOptions) endpoint.Options {
	options := endpoint.Options{Folder: o.docker.folder, TLS: o.docker.tls}
	if len(e.hosts) > 0 {
		options.Host, options.DefaultHost = e.hosts[0], e.hosts[0] == ""
	}
	if len(e.contexts) > 0 {
		options.Context = e.contexts[0]
	}
	return options
}

// engines returns those of the flags that are nearest to the command.
func (o *rootOptions) engines() engines {
	if len(o.own.hosts)+len(o.own.contexts) == 0 {
		return o.outer
	}
	return o.own
}

// allContexts is what --context takes for all of them.
const allContexts = "*"

// several reports whether the flags choose more engines than one, or may do so.
func (o *rootOptions) several() bool {
	contexts := o.engines().contexts
	return len(contexts) > 1 || slices.Contains(contexts, allContexts)
}

// defaultTimeout bounds the wait of a run that nobody watches, as in a script.
const defaultTimeout = 30 * time.Second

func (o *rootOptions) flags() *pflag.FlagSet {
	flags := newFlagSet(program)
	o.timeout, o.level = defaultTimeout, slog.LevelWarn
	flags.StringArrayVarP(&o.own.hosts, "host", "H", nil, "ask the engine at this `address`: unix:///var/run/docker.sock, tcp://127.0.0.1:2375, ssh://user@host")
	contextLetter, levelLetter, versionLetter, levels := "", "", "", map[string]string{"WARN": "WARNING"}
	if o.plugin {
		contextLetter, levelLetter, versionLetter, levels = "c", "l", "v", dockerLevels()
		o.docker.bind(flags, &o.level)
	}
	flags.StringArrayVarP(&o.own.contexts, "context", contextLetter, nil, "ask the engine of the docker context with this `name`; may be repeated, '*' is all of them: a column shows which")
	flags.AddFlag(&pflag.Flag{
		Name: "timeout", Usage: "give up on an engine after this `duration`, such as 10s or 2m; 0 is never",
		Value: timeout(&o.timeout), DefValue: defaultTimeout.String(),
	})
	flags.AddFlag(&pflag.Flag{
		Name: "log-level", Shorthand: levelLetter, Usage: "log to stderr at this `level` and above: DEBUG, INFO, WARNING or ERROR",
		Value: logLevel(&o.level, levels), DefValue: levelName(o.level), Annotations: map[string][]string{choicesKey: levelNames()},
	})
	flags.StringVar(&o.logFile, "log-file", "", "also append the whole log, as JSON lines, to the file at `path`")
	flags.BoolVarP(&o.help, "help", "h", false, "show help")
	flags.BoolVarP(&o.version, "version", versionLetter, false, "show the version")
	return flags
}

// check refuses flags that contradict each other.
func (o *rootOptions) check() error {
	chosen := o.engines()
	switch {
	case len(chosen.hosts) > 1:
		return errors.New("--host may be given only once")
	case len(chosen.hosts) == 1 && len(chosen.contexts) > 0:
		return errors.New("--host and --context cannot be used together")
	case len(chosen.contexts) > 1 && slices.Contains(chosen.contexts, ""):
		return errors.New("--context needs a name")
	case len(chosen.hosts) == 1:
		return endpoint.CheckHost("--host", chosen.hosts[0])
	}
	return nil
}

// bounded ends ctx when the engines have had their time to be found and to answer.
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
