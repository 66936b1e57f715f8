package lister_test

import (
	"context"
	"iter"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

// asked is an engine without images that remembers what was wanted of them.
type asked struct{ want *lister.Want }

func (a asked) Images(_ context.Context, want lister.Want) iter.Seq2[lister.Image, error] {
	*a.want = want
	return func(func(lister.Image, error) bool) {}
}

var _ = DescribeTable("of an engine's images only those are wanted that may be listed", func(ctx SpecContext, filter lister.Filter, fields lister.Fields, prefixes ...string) {
	var want lister.Want
	_, err := lister.Lister{Engine: asked{&want}, Fields: fields}.Tags(ctx, filter)
	Expect(err).NotTo(HaveOccurred())
	Expect(want.Prefixes).To(Equal(append([]string(nil), prefixes...)))
},
	Entry("all", lister.Filter{}, lister.Fields(0)),
	Entry("by prefixes", lister.Filter{Prefixes: []string{"a", "b"}, MinAge: day, MaxTags: 1}, lister.Fields(0), "a", "b"),
	Entry("by prefixes, ranked in their repositories", lister.Filter{Prefixes: []string{"a"}, Keep: 1}, lister.Fields(0), "a"),
	Entry("by prefixes, where no image is kept whole", lister.Filter{Prefixes: []string{"a"}, KeepImages: true}, lister.Fields(0), "a"),
	Entry("all, where what is excluded may keep an image", lister.Filter{Prefixes: []string{"a"}, Excludes: []string{"b"}, KeepImages: true}, lister.Fields(0)),
	Entry("all, where another name may keep an image", lister.Filter{Prefixes: []string{"a"}, Keep: 1, KeepImages: true}, lister.Fields(0)),
	Entry("all, where an engine's answer on digests depends on the names asked for", lister.Filter{Prefixes: []string{"a"}}, lister.Digests),
)
