package lister_test

import (
	"context"
	"log/slog"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("the log at DEBUG", func() {
	logged := func(ctx context.Context, all images, filter lister.Filter) []string {
		GinkgoHelper()
		var out strings.Builder
		options := &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
				return slog.Attr{}
			}
			return a
		}}
		_, err := lister.Lister{Engine: all, Log: slog.New(slog.NewTextHandler(&out, options))}.Tags(ctx, filter)
		Expect(err).NotTo(HaveOccurred())
		return strings.Split(strings.TrimSpace(out.String()), "\n")
	}
	all := func() images {
		return images{
			tagged('1', ago(1*day), 1, "a:4", "b:1"), tagged('2', ago(2*day), 9, "a:3"), tagged('3', ago(3*day), 9, "a:2", "b:0"),
			tagged('4', ago(4*day), 1, "a:1"), tagged('5', ago(5*day), 9),
		}
	}

	DescribeTable("has how many rows each step leaves, and no other step", func(ctx SpecContext, filter lister.Filter, want ...string) {
		Expect(logged(ctx, all(), filter)).To(Equal(append([]string{`msg="engine answered" images=5 rows=7`}, want...)))
	},
		Entry("of no filter", lister.Filter{}),
		Entry("of each limit, after those before it",
			lister.Filter{Prefixes: []string{"a", "b"}, Excludes: patterns("b*"), Unused: true, CreatedBefore: before(day), MinSize: bytes(5), MaxTags: 1},
			"msg=filtered by=prefix before=7 after=6", "msg=filtered by=exclude before=6 after=4", "msg=filtered by=unused before=4 after=4",
			"msg=filtered by=minAge before=4 after=4", "msg=filtered by=minSize before=4 after=2", "msg=filtered by=maxTags before=2 after=1"),
		Entry("of what is kept", lister.Filter{Keep: 1, MaxTags: 2}, "msg=filtered by=keep before=7 after=5", "msg=filtered by=maxTags before=5 after=4"),
		Entry("of whole images that are kept", lister.Filter{Excludes: patterns("b*"), KeepImages: true},
			"msg=filtered by=exclude before=7 after=5", "msg=filtered by=keep before=5 after=3"),
		Entry("of images to keep whole, where none is kept", lister.Filter{KeepImages: true}),
	)
})
