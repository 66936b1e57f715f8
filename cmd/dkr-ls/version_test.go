package main

import (
	"runtime/debug"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("the version", func() {
	DescribeTable("is one line on stdout", func(ctx SpecContext, arg string) {
		got := unconnected(ctx, arg)
		Expect(got).To(Equal(result{0, got.stdout, ""}))
		Expect(got.stdout).To(MatchRegexp(`^dkr-ls \S+ \(commit [^,]+(, modified)?, go\S+\)\n$`))
	},
		Entry(nil, "version"), Entry(nil, "--version"),
	)

	DescribeTable("comes from the build", func(info debug.BuildInfo, want string) {
		info.GoVersion = "go1.26.8"
		Expect(versionLine(&info)).To(Equal(want))
	},
		Entry("by go install", debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}}, "dkr-ls v1.2.3 (commit unknown, go1.26.8)"),
		Entry("of a checkout", debug.BuildInfo{
			Main:     debug.Module{Version: "v1.2.3"},
			Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "false"}},
		}, "dkr-ls v1.2.3 (commit 0123456789ab, go1.26.8)"),
		Entry("of a modified checkout", debug.BuildInfo{
			Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"}},
		}, "dkr-ls (devel) (commit 0123456789ab, modified, go1.26.8)"),
	)
})
