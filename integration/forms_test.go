package integration_test

import (
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// What the examples do not show of the list of their images, in other forms.
var _ = Describe("the examples' images", func() {
	listed := func(ctx SpecContext, args ...string) string {
		return table(run(ctx, on(suite.Brief.Host()), args...))
	}
	// ids are the images' own, newest first, in full.
	ids := func() (all []string) {
		for _, image := range suite.Images {
			all = append(all, image.ID(suite.Brief.Store))
		}
		return all
	}

	It("are IDs alone", func(ctx SpecContext) {
		Expect(strings.Fields(listed(ctx, "tags", "--quiet", "--no-trunc"))).To(Equal(ids()))
	})

	It("are what may go, without the newest of each repository and with the untagged", func(ctx SpecContext) {
		Expect(strings.Fields(listed(ctx, "tags", "--keep", "1", "-q", "--no-trunc"))).To(Equal([]string{ids()[1], ids()[7]}))
	})

	It("are sorted by name", func(ctx SpecContext) {
		names := strings.Fields(listed(ctx, "tags", "--sort", "repository", "--format", "{{.Repository}}"))
		Expect(names).To(HaveLen(8))
		Expect(slices.IsSorted(names)).To(BeTrue(), "%v", names)
	})

	It("have a column of digests and IDs in full, where asked for", func(ctx SpecContext) {
		header, rows, _ := strings.Cut(listed(ctx, "tags", "--digests", "--no-trunc"), "\n")
		Expect(strings.Fields(header)).To(Equal(strings.Fields("REPOSITORY TAG DIGEST IMAGE ID CREATED SIZE")))
		for _, id := range ids() {
			Expect(rows).To(ContainSubstring(" " + id + "   "))
		}
	})

	DescribeTable("are JSON that fits its schema", func(ctx SpecContext, file string, lines int, args ...string) {
		schema, err := jsonschema.NewCompiler().Compile("../lister/format/" + file)
		Expect(err).NotTo(HaveOccurred())
		out := listed(ctx, args...)
		Expect(strings.Count(out, "\n")).To(Equal(lines))
		for line := range strings.Lines(out) {
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
			Expect(err).NotTo(HaveOccurred())
			Expect(schema.Validate(value)).To(Succeed(), line)
		}
	},
		Entry("of tags", "tags.schema.json", 9, "tags", "--format", "json", "--sum"),
		Entry("of repositories", "repos.schema.json", 7, "repos", "--format", "json"),
	)
})
