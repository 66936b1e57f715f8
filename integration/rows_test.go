package integration_test

import (
	"strings"

	"github.com/docker/go-units"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

var _ = Describe("a row", Ordered, ContinueOnFailure, func() {
	const (
		ported = iota
		twice
		untagged
		undated
	)
	var (
		e      engine
		loaded []fixture.Built
	)
	id := func(image fixture.Built) string { return shortID(image.ID(e.Store)) }
	// named are rows without age and size.
	named := func(ctx SpecContext, args ...string) []row {
		GinkgoHelper()
		all := rows(list(ctx, e, args...))
		for i := range all {
			all[i].Created, all[i].Size = "", ""
		}
		return all
	}

	BeforeAll(func(ctx SpecContext) { e = startEngine(ctx) })

	It("is printed for nothing on an engine without images, which gives a header, and a sum of zero", func(ctx SpecContext) {
		header, _, _ := strings.Cut(testdata("tags.txt"), "\n")
		Expect(list(ctx, e)).To(Equal(header + "\n"))
		Expect(list(ctx, e, "--sum")).To(Equal(header + "\n" + strings.Repeat(" ", createdColumn) + "TOTAL               0B\n"))
		Expect(table(run(ctx, on(e.Host()), "repos"))).To(Equal("REPOSITORY\n"))
	})

	Context("on an engine with unusual images", func() {
		BeforeAll(func(ctx SpecContext) {
			loaded = e.load(ctx, []fixture.Image{
				ported:   {References: []string{"localhost:5000/team/app:1"}, Created: daysAgo(3), Size: 1_000_000},
				twice:    {References: []string{"tools:1", "tools:latest"}, Created: daysAgo(4), Size: 2_000_000},
				untagged: {Created: daysAgo(5), Size: 3_000_000},
				undated:  {References: []string{"undated:1"}, Size: 4_000_000},
			})
		})

		It("keeps the port in the repository, apart from the tag", func(ctx SpecContext) {
			Expect(named(ctx, "--prefix", "localhost:5000/team/")).To(Equal([]row{{"localhost:5000/team/app", "1", id(loaded[ported]), "", ""}}))
		})

		It("is printed for each tag of an image, whose size --sum counts once", func(ctx SpecContext) {
			Expect(named(ctx, "--prefix", "tools")).To(Equal([]row{
				{"tools", "1", id(loaded[twice]), "", ""}, {"tools", "latest", id(loaded[twice]), "", ""},
			}))
			Expect(list(ctx, e, "--quiet", "--exclude", "tools:latest", "tools:1")).To(BeEmpty(), "its ID means both")
			var size int64
			for _, image := range images(ctx, e) {
				if shortID(image.ID) == id(loaded[twice]) {
					size = image.Size
				}
			}
			Expect(list(ctx, e, "--prefix", "tools", "--sum")).To(MatchRegexp(`\n +TOTAL +%s\n\z`, units.HumanSizeWithPrecision(float64(size), 4)))
		})

		It("of an untagged image is <none> <none>", func(ctx SpecContext) {
			Expect(named(ctx, "--prefix", "<none>")).To(Equal([]row{{"<none>", "<none>", id(loaded[untagged]), "", ""}}))
		})

		It("of an image without a creation time comes last, and says N/A", func(ctx SpecContext) {
			dockerOnly("Podman dates an image without a creation time by when it was loaded")
			all := rows(list(ctx, e))
			Expect(all).To(HaveLen(5))
			Expect(all[4]).To(And(HaveField("Repository", "undated"), HaveField("Created", "N/A"), HaveField("ID", id(loaded[undated]))))
			Expect(list(ctx, e, "--prefix", "undated", "--minAge", "1")).NotTo(ContainSubstring("undated"), "it has no age")
		})

		It("of an image that was pulled by digest has its repository, and no tag", func(ctx SpecContext) {
			pulled := pullByDigest(ctx, e, fixture.Image{Created: daysAgo(6), Size: 5_000_000})
			Expect(named(ctx, "--prefix", pulledRepository)).To(Equal([]row{{pulledRepository, "<none>", id(pulled), "", ""}}))

			By("as the engine's own list has it, which is all that is listed")
			wanted := []row{}
			for _, image := range images(ctx, e) {
				for _, r := range rowsOf(image) {
					wanted = append(wanted, r.row)
				}
			}
			Expect(wanted).To(HaveLen(6))
			Expect(rows(list(ctx, e))).To(ConsistOf(wanted))
		})
	})
})
