package main

import (
	"log/slog"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// rootOptions are the flags that every command takes, before its name and after it.
type rootOptions struct {
	engine  engine.Options
	level   level
	logFile string
	help    bool
	version bool
}

func (o *rootOptions) flags() *pflag.FlagSet {
	flags := pflag.NewFlagSet(program, pflag.ContinueOnError)
	flags.SortFlags = false
	o.level = level(slog.LevelWarn)
	flags.Var(&o.level, "log-level", "log to stderr from this `level` on: DEBUG, INFO, WARNING or ERROR")
	flags.StringVar(&o.logFile, "log-file", "", "also log everything, as JSON lines, to the end of the file at `path`")
	flags.BoolVarP(&o.help, "help", "h", false, "show help")
	flags.BoolVar(&o.version, "version", false, "show the version")
	return flags
}
