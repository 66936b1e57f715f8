package lister_test

import (
	"context"
	"errors"
	"iter"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("the rows of an image", func() {
	DescribeTable("are one for each name", func(ctx SpecContext, tags, digests []string, want ...string) {
		image := lister.Image{ID: id('1'), RepoTags: tags, RepoDigests: digests}
		Expect(names(list(ctx, images{image}, lister.Filter{}))).To(Equal(want))
	},
		Entry("several tags on one image ID", []string{"nginx:b", "nginx:a", "my/nginx:a"}, nil, "my/nginx a", "nginx a", "nginx b"),
		Entry("the same tag twice", []string{"nginx:a", "docker.io/library/nginx:a"}, nil, "nginx a"),
		Entry("a digest alone", nil, []string{"nginx@sha256:aa"}, "nginx <none>"),
		Entry("two digests of one repository", nil, []string{"nginx@sha256:aa", "nginx@sha256:bb"}, "nginx <none>"),
		Entry("a digest beside the tag of its repository", []string{"nginx:1"}, []string{"docker.io/library/nginx@sha256:aa"}, "nginx 1"),
		Entry("a digest beside the tag of another", []string{"b:1"}, []string{"a@sha256:aa"}, "a <none>", "b 1"),
		Entry("a digest and no tag, as older engines report it", []string{"<none>:<none>"}, []string{"nginx@sha256:aa"}, "nginx <none>"),
		Entry("a digest of a registry with a port", nil, []string{"localhost:5000/a@sha256:aa"}, "localhost:5000/a <none>"),

		Entry("nil lists", nil, nil, "<none> <none>"),
		Entry("empty lists", []string{}, []string{}, "<none> <none>"),
		Entry("lists of none", []string{"<none>:<none>"}, []string{"<none>@<none>"}, "<none> <none>"),
		Entry("empty names", []string{""}, []string{""}, "<none> <none>"),

		Entry("a name outside the grammar", []string{"UPPER//x:1"}, nil, "UPPER//x 1"),
		Entry("a registry or a folder alone", []string{"docker.io/:1", "library/:1"}, nil, "docker.io/ 1", "library/ 1"),
		Entry("a tag without a name", []string{":1"}, nil, `\x3a1 <none>`),
		Entry("a name with an empty tag", []string{"nginx:"}, nil, "nginx: <none>"),
		Entry("a name that would move the cursor", []string{"a\x1b[2J\nb:1\t"}, nil, `a\x1b[2J\x0ab 1\x09`),
		Entry("a name with spaces, which could pass for columns", []string{"a   b:1"}, nil, `a\x20\x20\x20b 1`),
	)

	// Each row is "repository tag digest,digest".
	DescribeTable("have the digests of the image in their repository", func(ctx SpecContext, tags, digests []string, want ...string) {
		image := lister.Image{ID: id('1'), RepoTags: tags, RepoDigests: digests}
		var rows []string
		for _, r := range listAll(ctx, lister.Lister{Engine: images{image}, Fields: lister.Digests}, lister.Filter{}) {
			rows = append(rows, r.Repository+" "+r.Tag+" "+strings.Join(r.Digests, ","))
		}
		Expect(rows).To(Equal(want))
	},
		Entry("or none", []string{"a:1"}, nil, "a 1 "),
		Entry("each repository its own", []string{"a:1", "b:1"}, []string{"a@sha256:aa", "c@sha256:cc"}, "a 1 sha256:aa", "b 1 ", "c <none> sha256:cc"),
		Entry("several, each once, in order", []string{"a:1", "a:2"}, []string{"a@sha256:bb", "a@sha256:aa", "a@sha256:bb"}, "a 1 sha256:aa,sha256:bb", "a 2 sha256:aa,sha256:bb"),
		Entry("without a repository, which names nothing", []string{"reg.example.com/charts/app:1.2.3"}, []string{"sha256:80da"}, "reg.example.com/charts/app 1.2.3 sha256:80da"),
		Entry("without a repository, before the @", []string{"a:1"}, []string{"@sha256:80da"}, "a 1 sha256:80da"),
		Entry("without a repository, beside one with it", []string{"a:1", "b:1"}, []string{"sha256:80da", "a@sha256:aa"}, "a 1 sha256:aa", "b 1 sha256:80da"),
		Entry("without a repository, of an untagged image", nil, []string{"sha256:80da"}, "<none> <none> sha256:80da"),
		Entry("with a tag, which is no part of the repository", nil, []string{"localhost:5000/a:3@sha256:aa"}, "localhost:5000/a <none> sha256:aa"),
		Entry("among the tags, as engine 26.1 has it", []string{"alpine:3", "alpine@sha256:aa"}, []string{"alpine@sha256:aa"}, "alpine 3 sha256:aa"),
		Entry("among the tags alone", []string{"alpine@sha256:aa"}, nil, "alpine <none> sha256:aa"),
		Entry("invalid ones, beside a valid one", []string{"nginx:1"}, []string{"nginx@", "nginx@<none>", "nginx@sha256:aa", "nginx@-f"}, "nginx 1 sha256:aa"),
		Entry("invalid ones, beside one without a repository", []string{"nginx:1"}, []string{"nginx@<none>", "sha256:80da"}, "nginx 1 sha256:80da"),
		Entry("an invalid one", nil, []string{"nginx@"}, "nginx <none> "),
		Entry("invalid ones that name nothing", nil, []string{"@", "<none>@<none>", "", "nginx"}, "<none> <none> "),
	)

	DescribeTable("have a short image ID", func(id, want string) {
		Expect((&lister.Row{ID: id}).ShortID()).To(Equal(want))
	},
		Entry("of 12 digits", "sha256:7e4d58f0e5f3c8cc", "7e4d58f0e5f3"),
		Entry("of just 12", "sha512:7e4d58f0e5f3", "7e4d58f0e5f3"),
		Entry("of 12 digits of 64 without an algorithm", strings.Repeat("0123456789abcdef", 4), "0123456789ab"),
		Entry("whole, where it has fewer digits", "sha256:7e4d", "sha256:7e4d"),
		Entry("whole, where it has fewer digits and no algorithm", "7e4d58f0e5f3c8cc", "7e4d58f0e5f3c8cc"),
		Entry("whole, where it is not hex", "sha256:7e4d58f0e5fz", "sha256:7e4d58f0e5fz"),
		Entry("whole, where 64 characters are not hex", strings.Repeat("x", 64), strings.Repeat("x", 64)),
		Entry("that is empty", "", ""),
	)

	DescribeTable("hold what is asked for", func(ctx SpecContext, fields lister.Fields, want lister.Row) {
		image := lister.Image{ID: id('7'), RepoTags: []string{"nginx:latest"}, RepoDigests: []string{"nginx@sha256:aa"}, Created: 1600000000, Size: 10, Containers: 2, SharedSize: 4, Labels: map[string]string{"a": "b\n"}}
		want.Repository, want.Tag, want.ID, want.Created, want.Size = "nginx", "latest", id('7'), 1600000000, 10
		Expect(listAll(ctx, lister.Lister{Engine: images{image}, Fields: fields}, lister.Filter{MaxTags: 1})).To(Equal([]*lister.Row{&want}))
	},
		Entry("nothing beyond what engines report", lister.Fields(0), lister.Row{Containers: 2, SharedSize: -1}),
		Entry("digests", lister.Digests, lister.Row{Digests: []string{"sha256:aa"}, Containers: 2, SharedSize: -1}),
		Entry("containers", lister.Containers, lister.Row{Containers: 2, SharedSize: -1}),
		Entry("labels", lister.Labels, lister.Row{Containers: 2, SharedSize: -1, Details: &lister.Details{Labels: map[string]string{"a": `b\x0a`}}}),
		Entry("the shared size", lister.SharedSize, lister.Row{Containers: 2, SharedSize: 4}),
	)

	It("hold labels that a template may cut anywhere, with their spaces", func(ctx SpecContext) {
		image := lister.Image{ID: id('7'), Labels: map[string]string{"a::b": "c d,::error ::e:f"}}
		rows := listAll(ctx, lister.Lister{Engine: images{image}, Fields: lister.Labels}, lister.Filter{Labels: []string{"a::b=c d,::error ::e:f"}})
		Expect(rows).To(HaveLen(1))
		Expect(rows[0].Labels()).To(Equal(map[string]string{`a:\x3ab`: `c d,:\x3aerror :\x3ae:f`}))
	})

	DescribeTable("have no creation time where the engine says", func(ctx SpecContext, created int64) {
		Expect(list(ctx, images{tagged('1', created, 1, "a:1")}, lister.Filter{})[0].Created).To(BeZero())
	},
		Entry("the epoch", int64(0)),
		Entry("the year 1", int64(-62135596800)),
		Entry("a second before the epoch", int64(-1)),
	)
})

// failing is an engine whose list breaks off after its first image.
type failing struct {
	images
	err error
}

func (f failing) Images(context.Context, lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		_ = yield(lister.Image{ID: id('1')}, nil) && yield(lister.Image{}, f.err)
	}
}

var _ = It("an engine that fails leaves no rows", func(ctx SpecContext) {
	broken := errors.New("it broke")
	rows, err := lister.Lister{Engine: failing{err: broken}}.Tags(ctx, lister.Filter{})
	Expect(err).To(MatchError("listing images: it broke"))
	Expect(err).To(MatchError(broken))
	Expect(rows).To(BeNil())
})
