package lister_test

import (
	"strings"

	"github.com/distribution/reference"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

// Valid names are those of FuzzReference.
var _ = Describe("the reference of a row", func() {
	references := func(ctx SpecContext, image lister.Image) (all []string) {
		GinkgoHelper()
		image.ID = id('1')
		for _, r := range listAll(ctx, lister.Lister{Engine: images{image}, Fields: lister.Digests}, lister.Filter{}) {
			ref, err := r.Reference()
			Expect(err).NotTo(HaveOccurred())
			all = append(all, ref)
		}
		return all
	}

	DescribeTable("is what docker takes for it alone", func(ctx SpecContext, image lister.Image, want ...string) {
		Expect(references(ctx, image)).To(Equal(want))
	},
		Entry("of each tag", lister.Image{RepoTags: []string{"nginx:1", "localhost:5000/team/app:v1.0_2-3"}}, "localhost:5000/team/app:v1.0_2-3", "nginx:1"),
		Entry("of a name of letters and digits at the ends of theirs", lister.Image{RepoTags: []string{"az09/app:AZ-09"}}, "az09/app:AZ-09"),
		Entry("of the first digest", lister.Image{RepoDigests: []string{"a@sha256:bb", "a@sha256:aa"}}, "a@sha256:aa"),
		Entry("of a digest of an algorithm with separators", lister.Image{RepoDigests: []string{"a@z09+b.c_d-e:0af9"}}, "a@z09+b.c_d-e:0af9"),
		Entry("of an untagged image", lister.Image{}, id('1')),
		Entry("of an untagged image with a digest", lister.Image{RepoDigests: []string{"sha256:80da"}}, id('1')),
	)

	It("is no image ID, though its name looks like one", func(ctx SpecContext) {
		name := "sha256:" + strings.Repeat("a", 64) // docker deletes the image of this ID
		_, err := reference.ParseNormalizedNamed("docker.io/library/" + name)
		Expect(err).NotTo(HaveOccurred(), "it is a valid name")
		Expect(references(ctx, lister.Image{RepoTags: []string{name}})).To(Equal([]string{"docker.io/library/" + name}))
	})

	DescribeTable("is missing where nothing is one word to a shell and no flag", func(repository, tag, id string) {
		ref, err := (&lister.Row{Repository: repository, Tag: tag, ID: id}).Reference()
		Expect(err).To(MatchError(lister.ErrReference))
		Expect(ref).To(BeEmpty())
	},
		Entry("a repository that starts with no letter", "_a", "1", id('1')),
		Entry("a tag like a flag", "a", "-f", id('1')),
		Entry("a repository like a flag", "-f", "1", id('1')),
		Entry("a repository like a pattern", "a*", "1", id('1')),
		Entry("an escaped repository", `a\x20b`, "1", id('1')),
		Entry("an escaped tag", "a", `1\x3b`, id('1')),
		Entry("no repository that has a tag", "", "1", id('1')),
		Entry("an ID like a flag", lister.None, lister.None, "-f"),
		Entry("a digest that nobody asked for", "a", lister.None, id('1')),
	)
})

var _ = Describe("image IDs", func() {
	It("are printed alone, each once", func() {
		other := "sha256:3" + strings.Repeat("0", 63)
		rows := []*lister.Row{{ID: id('1')}, {ID: id('2')}, {ID: other}, {ID: id('1'), Tag: "b"}, {ID: other, Tag: "b"}}
		var out strings.Builder
		Expect(lister.Table{}.WriteIDs(&out, rows)).To(Succeed())
		Expect(out.String()).To(Equal("000000000000\n000000000000\n300000000000\n"), "short IDs may be the same, IDs are not")
		out.Reset()
		Expect(lister.Table{NoTrunc: true}.WriteIDs(&out, rows)).To(Succeed())
		Expect(out.String()).To(Equal(id('1') + "\n" + id('2') + "\n" + other + "\n"))
	})

	DescribeTable("are not printed at all where one is invalid, which a shell could take for more", func(invalid string) {
		var out strings.Builder
		Expect(lister.Table{NoTrunc: true}.WriteIDs(&out, []*lister.Row{{ID: id('1')}, {ID: invalid}})).To(MatchError(lister.ErrReference))
		Expect(out.String()).To(BeEmpty())
	},
		Entry(nil, "-f"), Entry(nil, "*"), Entry(nil, "/dir/*"), Entry(nil, "sha256:"), Entry(nil, ":aa"),
		Entry(nil, "-x:aa"), Entry(nil, "a*:aa"), Entry(nil, "sha256:aa$x"), Entry(nil, ""),
	)
})
