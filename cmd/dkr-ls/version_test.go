package main

import (
	"runtime/debug"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("the version", func() {
	It("is one line on stdout, by command and by flag", func(ctx SpecContext) {
		for _, arg := range []string{"version", "--version"} {
			got := unconnected(ctx, arg)
			Expect(got.status).To(BeZero())
			Expect(got.stderr).To(BeEmpty())
			Expect(got.stdout).To(MatchRegexp(`^dkr-ls \S+ \(commit [^,]+(, modified)?, go\S+\)\n$`))
		}
	})

	DescribeTable("comes from the build", func(info debug.BuildInfo, want string) {
		info.GoVersion = "go1.26.8"
		Expect(versionLine(&info)).To(Equal(want))
	},
		Entry("of a module, as go install makes it", debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}},
			"dkr-ls v1.2.3 (commit unknown, go1.26.8)"),
		Entry("of a checkout", debug.BuildInfo{
			Main:     debug.Module{Version: "v1.2.3"},
			Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "false"}},
		}, "dkr-ls v1.2.3 (commit 0123456789ab, go1.26.8)"),
		Entry("of a changed checkout", debug.BuildInfo{
			Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"}},
		}, "dkr-ls (devel) (commit 0123456789ab, modified, go1.26.8)"),
		Entry("of nowhere", debug.BuildInfo{}, "dkr-ls (devel) (commit unknown, go1.26.8)"),
	)
})
