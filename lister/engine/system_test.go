package engine_test

import (
	"runtime"

	. "github.com/onsi/ginkgo/v2"
)

// needsUnix skips on Windows, aloud, what it has not.
func needsUnix(what string) {
	if runtime.GOOS == "windows" {
		reason := "Windows has no " + what
		AddReportEntry(reason, ReportEntryVisibilityAlways)
		Skip(reason)
	}
}
