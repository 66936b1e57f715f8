package main

import (
	"cmp"
	"context"
	"fmt"
	"runtime/debug"
	"strings"
)

// Set by the linker where the build has no version control to ask, as in a Dockerfile.
var version, commit string

func versionCommand() command {
	return command{
		name:    "version",
		summary: "show the version",
		about:   "Show the version, the commit and the Go version that this program was built from.",
		bind:    noFlags,
		check:   noCheck,
		do:      func(_ context.Context, c *call) error { return c.printVersion() },
	}
}

func (p *process) printVersion() error {
	_, err := fmt.Fprintln(p.stdout, versionLine(buildInfo()))
	return err
}

// buildInfo returns what is known of how the program was built.
func buildInfo() *debug.BuildInfo {
	info, _ := debug.ReadBuildInfo()
	return cmp.Or(info, new(debug.BuildInfo))
}

// versionOf returns the version that the linker set, or that of the module.
func versionOf(info *debug.BuildInfo) string {
	return cmp.Or(version, info.Main.Version, "(devel)")
}

// userAgent returns the program's name in its requests: "dkr-ls/1.2.3".
func userAgent() string {
	return program + "/" + strings.Trim(strings.TrimPrefix(versionOf(buildInfo()), "v"), "()")
}

// versionLine returns "dkr-ls v1.2.3 (commit 0123456789ab, go1.26.8)".
func versionLine(info *debug.BuildInfo) string {
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	const short = 12
	commit := cmp.Or(commit, settings["vcs.revision"], "unknown")
	commit = commit[:min(len(commit), short)]
	if settings["vcs.modified"] == "true" {
		commit += ", modified"
	}
	return fmt.Sprintf("%s %s (commit %s, %s)", program, versionOf(info), commit, info.GoVersion)
}
