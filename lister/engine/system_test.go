package engine_test

import (
	"runtime"

	. "github.com/onsi/ginkgo/v2"
)

// defaultHost is where docker looks for an engine that nothing names.
func defaultHost() string {
	if runtime.GOOS == "windows" {
		return "npipe:////./pipe/docker_engine"
	}
	return "unix:///var/run/docker.sock"
}

// needsUnix skips on Windows, aloud, what it has not.
func needsUnix(what string) {
	if runtime.GOOS == "windows" {
		reason := "Windows has no " + what
		AddReportEntry(reason, ReportEntryVisibilityAlways)
		Skip(reason)
	}
}
