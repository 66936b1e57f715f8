package lister_test

import (
	"context"
	"errors"
	"iter"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("the rows of an image", func() {
	DescribeTable("by its names", func(ctx SpecContext, tags, digests []string, rows ...string) {
		image := lister.Image{ID: id('1'), RepoTags: tags, RepoDigests: digests}
		Expect(names(list(ctx, images{image}, lister.Filter{}))).To(Equal(rows))
	},
		Entry("one tag", []string{"nginx:latest"}, nil, "nginx latest"),
		Entry("several tags on one image ID", []string{"nginx:b", "nginx:a", "my/nginx:a"}, nil, "my/nginx a", "nginx a", "nginx b"),
		Entry("the same tag twice", []string{"nginx:a", "docker.io/library/nginx:a"}, nil, "nginx a"),
		Entry("a registry's port", []string{"localhost:5000/a:1"}, nil, "localhost:5000/a 1"),
		Entry("a registry's port and a path", []string{"localhost:5000/team/app:1"}, nil, "localhost:5000/team/app 1"),
		Entry("a registry's port without a tag", []string{"localhost:5000/a"}, nil, "localhost:5000/a <none>"),
		Entry("an IPv6 registry", []string{"[::1]:5000/a:1"}, nil, "[::1]:5000/a 1"),
		Entry("a tag and a digest in one", []string{"nginx:1@sha256:aa"}, nil, "nginx 1"),
		Entry("the familiar form of a long name", []string{"docker.io/library/nginx:1"}, nil, "nginx 1"),
		Entry("the familiar form of an older long name", []string{"index.docker.io/library/nginx:1"}, nil, "nginx 1"),
		Entry("the familiar form of an official name", []string{"library/nginx:1"}, nil, "nginx 1"),
		Entry("the familiar form of a user's name", []string{"docker.io/grafana/loki:1"}, nil, "grafana/loki 1"),
		Entry("a path below library", []string{"docker.io/library/a/b:1"}, nil, "library/a/b 1"),
		Entry("a name that only looks official", []string{"quay.io/library/nginx:1"}, nil, "quay.io/library/nginx 1"),

		Entry("a digest alone", nil, []string{"nginx@sha256:aa"}, "nginx <none>"),
		Entry("two digests of one repository", nil, []string{"nginx@sha256:aa", "nginx@sha256:bb"}, "nginx <none>"),
		Entry("a digest beside the tag of its repository", []string{"nginx:1"}, []string{"docker.io/library/nginx@sha256:aa"}, "nginx 1"),
		Entry("a digest beside the tag of another", []string{"b:1"}, []string{"a@sha256:aa"}, "a <none>", "b 1"),
		Entry("a digest and no tag, as older engines say it", []string{"<none>:<none>"}, []string{"nginx@sha256:aa"}, "nginx <none>"),
		Entry("a digest of a registry with a port", nil, []string{"localhost:5000/a@sha256:aa"}, "localhost:5000/a <none>"),

		Entry("nil lists", nil, nil, "<none> <none>"),
		Entry("empty lists", []string{}, []string{}, "<none> <none>"),
		Entry("lists of none", []string{"<none>:<none>"}, []string{"<none>@<none>"}, "<none> <none>"),
		Entry("empty names", []string{""}, []string{""}, "<none> <none>"),

		Entry("a name outside the grammar", []string{"UPPER//x:1"}, nil, "UPPER//x 1"),
		Entry("a tag without a name", []string{":1"}, nil, `\x3a1 <none>`),
		Entry("a name with an empty tag", []string{"nginx:"}, nil, "nginx: <none>"),
		Entry("a name that would move the cursor", []string{"a\x1b[2J\nb:1\t"}, nil, `a\x1b[2J\x0ab 1\x09`),
		Entry("a name with spaces, which could pass for columns", []string{"a   b:1"}, nil, `a\x20\x20\x20b 1`),
	)

	It("holds the image's ID, creation time and size", func(ctx SpecContext) {
		image := tagged('7', 1600000000, 133_000_000, "nginx:latest")
		Expect(list(ctx, images{image}, lister.Filter{})).To(ConsistOf(
			lister.Tag{Repository: "nginx", Tag: "latest", ID: id('7'), Created: 1600000000, Size: 133_000_000, Containers: -1, SharedSize: -1}))
	})

	DescribeTable("has no creation time where the engine says", func(ctx SpecContext, created int64) {
		Expect(list(ctx, images{tagged('1', created, 1, "a:1")}, lister.Filter{})[0].Created).To(BeZero())
	},
		Entry("the epoch", int64(0)),
		Entry("the year 1", int64(-62135596800)),
		Entry("a second before the epoch", int64(-1)),
	)
})

var _ = Describe("the order of the rows", func() {
	It("is newest first, then repository, tag and ID, images of unknown age last", func(ctx SpecContext) {
		all := images{
			tagged('9', 0, 1, "old:1"),
			tagged('2', 100, 1, "b:2", "b:1"),
			tagged('1', 100, 1, "a:1"),
			tagged('4', 200, 1),
			tagged('3', 200, 1),
			tagged('5', now().Unix()+1000, 1, "future:1"),
		}
		rows := []string{}
		for _, t := range list(ctx, all, lister.Filter{}) {
			rows = append(rows, t.Repository+" "+t.Tag+" "+t.ID[len(t.ID)-1:])
		}
		Expect(rows).To(Equal([]string{
			"future 1 5", "<none> <none> 3", "<none> <none> 4", "a 1 1", "b 1 2", "b 2 2", "old 1 9",
		}))
	})
})

var _ = Describe("repositories", func() {
	It("are those of all tags, each once, in their order", func(ctx SpecContext) {
		all := images{
			tagged('1', 100, 1, "old:1"), tagged('2', 300, 1, "new:2"), tagged('3', 50, 1, "new:1"), tagged('4', 200, 1),
		}
		Expect(repositories(ctx, all)).To(Equal([]string{"new", "<none>", "old"}))
	})

	It("are none where there are no images", func(ctx SpecContext) {
		Expect(repositories(ctx, images{})).To(BeEmpty())
	})
})

// failing is an engine whose list breaks off after its first image.
type failing struct{ err error }

func (f failing) Images(context.Context, lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		_ = yield(lister.Image{ID: id('1')}, nil) && yield(lister.Image{}, f.err)
	}
}

var _ = Describe("an engine that fails", func() {
	It("leaves no rows", func(ctx SpecContext) {
		broken := errors.New("it broke")
		tags, err := lister.Lister{Engine: failing{broken}}.Tags(ctx, lister.Filter{})
		Expect(err).To(MatchError("listing images: it broke"))
		Expect(errors.Is(err, broken)).To(BeTrue())
		Expect(tags).To(BeNil())
	})
})
