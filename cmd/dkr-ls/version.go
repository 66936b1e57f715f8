package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/pflag"
)

// Set by the linker where the build has no version control to ask, as in a Dockerfile.
var version, commit string

func versionCommand() command {
	return command{
		name:    "version",
		summary: "show the version",
		about:   "Show the version, the commit and the Go version that this program was built from.",
		bind: func(*pflag.FlagSet) verb {
			return verb{do: func(_ context.Context, c *call) error { return c.printVersion() }}
		},
	}
}

func (p *process) printVersion() error {
	_, err := fmt.Fprintln(p.stdout, versionLine(buildInfo()))
	return err
}

// buildInfo returns what the program was built from, as far as that is known.
func buildInfo() *debug.BuildInfo {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info
	}
	return &debug.BuildInfo{}
}

// versionOf returns the version that the linker set, or that of the module.
func versionOf(info *debug.BuildInfo) string {
	return cmp.Or(version, info.Main.Version, "(devel)")
}

// userAgent returns how the program calls itself to an engine: "dkr-ls/1.2.3".
func userAgent() string {
	return program + "/" + strings.Trim(strings.TrimPrefix(versionOf(buildInfo()), "v"), "()")
}

// versionLine returns "dkr-ls v1.2.3 (commit 0123456789ab, go1.26.8)".
func versionLine(info *debug.BuildInfo) string {
	commit := commit
	modified := false
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && commit == "":
			commit = s.Value
		case s.Key == "vcs.modified":
			modified = s.Value == "true"
		}
	}
	const short = 12
	switch {
	case commit == "":
		commit = "unknown"
	case len(commit) > short:
		commit = commit[:short]
	}
	if modified {
		commit += ", modified"
	}
	return fmt.Sprintf("%s %s (commit %s, %s)", program, versionOf(info), commit, info.GoVersion)
}
