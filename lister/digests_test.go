package lister_test

import (
	"context"
	"strings"

	"github.com/distribution/reference"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

// withDigests lists one image, digests included.
func withDigests(ctx context.Context, image lister.Image) []lister.Tag {
	GinkgoHelper()
	image.ID = id('1')
	rows, err := lister.Lister{Engine: images{image}, Fields: lister.Digests}.Tags(ctx, lister.Filter{})
	Expect(err).NotTo(HaveOccurred())
	return tagsOf(rows)
}

var _ = Describe("digests", func() {
	// Each row is "repository tag digest,digest".
	DescribeTable("are those of the image in the tag's repository", func(ctx SpecContext, tags, digests []string, want ...string) {
		var rows []string
		for _, t := range withDigests(ctx, lister.Image{RepoTags: tags, RepoDigests: digests}) {
			rows = append(rows, t.Repository+" "+t.Tag+" "+strings.Join(t.Digests, ","))
		}
		Expect(rows).To(Equal(want))
	},
		Entry("or none", []string{"a:1"}, nil, "a 1 "),
		Entry("of each repository its own", []string{"a:1", "b:1"}, []string{"a@sha256:aa", "c@sha256:cc"}, "a 1 sha256:aa", "b 1 ", "c <none> sha256:cc"),
		Entry("several, each once, in order", []string{"a:1", "a:2"}, []string{"a@sha256:bb", "a@sha256:aa", "a@sha256:bb"}, "a 1 sha256:aa,sha256:bb", "a 2 sha256:aa,sha256:bb"),
		Entry("without a repository, which names nothing", []string{"reg.example.com/charts/app:1.2.3"}, []string{"sha256:80da"}, "reg.example.com/charts/app 1.2.3 sha256:80da"),
		Entry("without a repository, before the @", []string{"a:1"}, []string{"@sha256:80da"}, "a 1 sha256:80da"),
		Entry("without a repository, beside one with it", []string{"a:1", "b:1"}, []string{"sha256:80da", "a@sha256:aa"}, "a 1 sha256:aa", "b 1 sha256:80da"),
		Entry("without a repository, of an untagged image", nil, []string{"sha256:80da"}, "<none> <none> sha256:80da"),
		Entry("with a tag, which is not of the repository", nil, []string{"alpine:3.16@sha256:aa"}, "alpine <none> sha256:aa"),
		Entry("with a tag and a registry's port", nil, []string{"localhost:5000/a:3@sha256:aa"}, "localhost:5000/a <none> sha256:aa"),
		Entry("among the tags, as engine 26.1 has it", []string{"alpine:3", "alpine@sha256:aa"}, []string{"alpine@sha256:aa"}, "alpine 3 sha256:aa"),
		Entry("among the tags alone", []string{"alpine@sha256:aa"}, nil, "alpine <none> sha256:aa"),
		Entry("that are none, beside one", []string{"nginx:1"}, []string{"nginx@", "nginx@<none>", "nginx@sha256:aa", "nginx@-f"}, "nginx 1 sha256:aa"),
		Entry("that are none, beside one without a repository", []string{"nginx:1"}, []string{"nginx@<none>", "sha256:80da"}, "nginx 1 sha256:80da"),
		Entry("that are none", nil, []string{"nginx@"}, "nginx <none> "),
		Entry("that name nothing and are none", nil, []string{"@", "<none>@<none>", "", "nginx"}, "<none> <none> "),
	)

	It("are left out where nobody asks for them", func(ctx SpecContext) {
		for _, t := range list(ctx, images{{ID: id('1'), RepoTags: []string{"a:1"}, RepoDigests: []string{"a@sha256:aa", "sha256:bb"}}}, lister.Filter{}) {
			Expect(t.Digests).To(BeEmpty())
			Expect(t.Digest()).To(Equal("<none>"))
		}
	})

	It("are the first of them in a cell", func() {
		Expect((&lister.Tag{Digests: []string{"sha256:aa", "sha256:bb"}}).Digest()).To(Equal("sha256:aa"))
	})
})

var _ = Describe("the reference of a row", func() {
	DescribeTable("is what docker takes for it alone", func(ctx SpecContext, image lister.Image, want ...string) {
		var references []string
		for _, t := range withDigests(ctx, image) {
			ref, err := t.Reference()
			Expect(err).NotTo(HaveOccurred())
			references = append(references, ref)
		}
		Expect(references).To(Equal(want))
	},
		Entry("of a tag", lister.Image{RepoTags: []string{"nginx:1", "localhost:5000/team/app:v1.0_2-3"}}, "localhost:5000/team/app:v1.0_2-3", "nginx:1"),
		Entry("of a tag that begins with an underscore", lister.Image{RepoTags: []string{"app:_nightly"}}, "app:_nightly"),
		Entry("of a name of letters and digits at the ends of theirs", lister.Image{RepoTags: []string{"az09/app:AZ-09"}}, "az09/app:AZ-09"),
		Entry("of a digest of an algorithm with separators", lister.Image{RepoDigests: []string{"a@z09+b.c_d-e:0af9"}}, "a@z09+b.c_d-e:0af9"),
		Entry("of a registry at an IPv6 address", lister.Image{RepoTags: []string{"[2001:db8::1]:5000/a:1"}}, "[2001:db8::1]:5000/a:1"),
		Entry("of a digest", lister.Image{RepoDigests: []string{"a@sha256:bb", "a@sha256:aa"}}, "a@sha256:aa"),
		Entry("of an untagged image", lister.Image{}, id('1')),
		Entry("of an untagged image with a digest", lister.Image{RepoDigests: []string{"sha256:80da"}}, id('1')),
	)

	It("is no image ID, though its name looks like one", func(ctx SpecContext) {
		name := "sha256:" + strings.Repeat("a", 64) // docker deletes the image of this ID
		_, err := reference.ParseNormalizedNamed("docker.io/library/" + name)
		Expect(err).NotTo(HaveOccurred(), "it is a valid name")
		ref, err := withDigests(ctx, lister.Image{RepoTags: []string{name}})[0].Reference()
		Expect(err).NotTo(HaveOccurred())
		Expect(ref).To(Equal("docker.io/library/" + name))
	})

	DescribeTable("is missing where nothing is one word to a shell and no flag", func(t lister.Tag) {
		ref, err := t.Reference()
		Expect(err).To(MatchError(lister.ErrReference))
		Expect(ref).To(BeEmpty())
	},
		Entry("a repository that starts with no letter", lister.Tag{Repository: "_a", Tag: "1", ID: id('1')}),
		Entry("a tag like a flag", lister.Tag{Repository: "a", Tag: "-f", ID: id('1')}),
		Entry("a repository like a flag", lister.Tag{Repository: "-f", Tag: "1", ID: id('1')}),
		Entry("a repository like a pattern", lister.Tag{Repository: "a*", Tag: "1", ID: id('1')}),
		Entry("an escaped repository", lister.Tag{Repository: `a\x20b`, Tag: "1", ID: id('1')}),
		Entry("an escaped tag", lister.Tag{Repository: "a", Tag: `1\x3b`, ID: id('1')}),
		Entry("no repository that has a tag", lister.Tag{Repository: "", Tag: "1", ID: id('1')}),
		Entry("an ID like a flag", lister.Tag{Repository: lister.None, Tag: lister.None, ID: "-f"}),
		Entry("an ID like a pattern", lister.Tag{Repository: lister.None, Tag: lister.None, ID: "*"}),
		Entry("an ID of an algorithm like a pattern", lister.Tag{Repository: lister.None, Tag: lister.None, ID: "a*:aa"}),
		Entry("an ID like a folder", lister.Tag{Repository: lister.None, Tag: lister.None, ID: "/dir/*"}),
		Entry("a digest that nobody asked for", lister.Tag{Repository: "a", Tag: lister.None, ID: id('1')}),
	)
})

var _ = DescribeTable("the short image ID", func(id, want string) {
	Expect((&lister.Tag{ID: id}).ShortID()).To(Equal(want))
},
	Entry("is 12 digits", "sha256:7e4d58f0e5f3c8cc", "7e4d58f0e5f3"),
	Entry("is 12 digits of 64 without an algorithm", strings.Repeat("0123456789abcdef", 4), "0123456789ab"),
	Entry("is the ID, where it has fewer digits", "sha256:7e4d", "sha256:7e4d"),
	Entry("is the ID, where it has fewer digits and no algorithm", "7e4d58f0e5f3c8cc", "7e4d58f0e5f3c8cc"),
	Entry("is the ID, where it is no hex", "sha256:7e4d58f0e5fz", "sha256:7e4d58f0e5fz"),
	Entry("is the ID, where 64 characters are no hex", strings.Repeat("x", 64), strings.Repeat("x", 64)),
)
