package integration_test

import (
	"time"

	"github.com/docker/go-units"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

var _ = Describe("an engine with unusual images", Ordered, ContinueOnFailure, func() {
	const (
		ported = iota
		twice
		untagged
		undated
	)
	var (
		unusual engine
		loaded  []fixture.Built
		pulled  fixture.Built
	)

	BeforeAll(func(ctx SpecContext) {
		unusual = startEngine(ctx)
		daysAgo := func(days int) time.Time { return time.Now().UTC().AddDate(0, 0, -days) }
		loaded = unusual.load(ctx, []fixture.Image{
			ported:   {References: []string{"localhost:5000/team/app:1"}, Created: daysAgo(3), Size: 1_000_000},
			twice:    {References: []string{"tools:1", "tools:latest"}, Created: daysAgo(4), Size: 2_000_000},
			untagged: {Created: daysAgo(5), Size: 3_000_000},
			undated:  {References: []string{"undated:1"}, Size: 4_000_000},
		})
		pulled = pullByDigest(ctx, unusual, fixture.Image{Created: daysAgo(6), Size: 5_000_000})
	})

	// list returns the rows of a run of dkr-ls tags.
	list := func(ctx SpecContext, args ...string) []row {
		GinkgoHelper()
		return rows(table(dkrls(ctx, unusual.Host(), append([]string{"tags"}, args...)...)))
	}
	id := func(image fixture.Built) string { return shortID(image.ID(unusual.Store)) }

	It("lists them as the engine does", func(ctx SpecContext) {
		expectParity(ctx, unusual)
	})

	It("keeps the port in the repository, apart from the tag", func(ctx SpecContext) {
		Expect(list(ctx, "--prefix", "localhost:5000/team/")).To(HaveExactElements(
			And(HaveField("Repository", "localhost:5000/team/app"), HaveField("Tag", "1"), HaveField("ID", id(loaded[ported]))),
		))
	})

	It("takes a prefix for the start of the repository, not for a part of it", func(ctx SpecContext) {
		Expect(list(ctx, "--prefix", "team/app")).To(BeEmpty())
	})

	It("shows a row for each tag of one image", func(ctx SpecContext) {
		Expect(list(ctx, "--prefix", "tools")).To(HaveExactElements(
			And(HaveField("Tag", "1"), HaveField("ID", id(loaded[twice]))),
			And(HaveField("Tag", "latest"), HaveField("ID", id(loaded[twice]))),
		))
	})

	It("counts an image once in the sum, however many tags it has", func(ctx SpecContext) {
		var size int64
		for _, image := range images(ctx, unusual) {
			if shortID(image.ID) == id(loaded[twice]) {
				size = image.Size
			}
		}
		found := list(ctx, "--prefix", "tools", "--sum")
		Expect(found).To(HaveLen(3))
		Expect(found[2]).To(Equal(row{Created: "TOTAL", Size: units.HumanSizeWithPrecision(float64(size), 4)}))
	})

	It("shows an untagged image as <none> <none>", func(ctx SpecContext) {
		Expect(list(ctx, "--prefix", "<none>")).To(HaveExactElements(
			And(HaveField("Repository", "<none>"), HaveField("Tag", "<none>"), HaveField("ID", id(loaded[untagged]))),
		))
	})

	It("shows an image that was pulled by digest under its repository, without a tag", func(ctx SpecContext) {
		Expect(list(ctx, "--prefix", pulledRepository)).To(HaveExactElements(
			And(HaveField("Repository", pulledRepository), HaveField("Tag", "<none>"), HaveField("ID", id(pulled))),
		))
	})

	It("lists an image without a creation time last", func(ctx SpecContext) {
		found := list(ctx)
		Expect(found).To(HaveLen(6))
		Expect(found[5]).To(And(HaveField("Repository", "undated"), HaveField("Created", "N/A"), HaveField("ID", id(loaded[undated]))))
	})
})
