package lister_test

import (
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("a list", func() {
	DescribeTable("tells rows apart that differ in one thing alone", func(change func(*lister.Tag)) {
		one := lister.Tag{Context: "prod", Repository: "a", Tag: "1", Digests: []string{"sha256:aa", "sha256:bb"}, ID: id('1'), Created: 5, Size: 5, Containers: 5, SharedSize: 5}
		other := one
		change(&other)
		rows := tagsOf(lister.ListOf(one, other))
		Expect(rows).To(ConsistOf(one, other))
		Expect(tagsOf(lister.ListOf(other, one))).To(Equal(rows), "in an order that does not depend on theirs")
	},
		Entry("the context", func(t *lister.Tag) { t.Context = "test" }),
		Entry("the repository", func(t *lister.Tag) { t.Repository = "b" }),
		Entry("the tag", func(t *lister.Tag) { t.Tag = "2" }),
		Entry("the ID", func(t *lister.Tag) { t.ID = id('2') }),
		Entry("the creation time", func(t *lister.Tag) { t.Created = 6 }),
		Entry("the size", func(t *lister.Tag) { t.Size = 6 }),
		Entry("the containers", func(t *lister.Tag) { t.Containers = 6 }),
		Entry("the shared size", func(t *lister.Tag) { t.SharedSize = 6 }),
		Entry("a digest", func(t *lister.Tag) { t.Digests = []string{"sha256:aa", "sha256:cc"} }),
		Entry("the number of digests", func(t *lister.Tag) { t.Digests = []string{"sha256:aa"} }),
	)

	It("tells images apart by IDs that are none", func() {
		ids := []string{"one", "two", id('1'), id('2'), "three"}
		var all []lister.Tag
		for _, id := range ids {
			all = append(all, lister.Tag{Repository: "a", Tag: "1", ID: id})
		}
		var listed []string
		for t := range lister.ListOf(all...).All() {
			listed = append(listed, t.ID)
		}
		Expect(listed).To(ConsistOf(ids))
	})

	It("counts an image once, as large as it is anywhere", func() {
		total, err := lister.ListOf(lister.Tag{ID: id('1'), Created: 2, Size: 10}, lister.Tag{ID: id('1'), Created: 1, Size: 15}).Sum()
		Expect(err).NotTo(HaveOccurred())
		Expect(total.Size).To(BeEquivalentTo(15))
	})

	It("holds texts of any number and length", func() {
		var all []lister.Tag
		for i := range 10_000 {
			all = append(all, lister.Tag{Repository: "a", Tag: fmt.Sprintf("%05d", i) + strings.Repeat("x", i%100), ID: fmt.Sprintf("sha256:%064x", i)})
		}
		all[5000].Tag += strings.Repeat("y", 200_000)
		rows := tagsOf(lister.ListOf(all...))
		Expect(slices.Equal(names(rows), names(all))).To(BeTrue())
		Expect(slices.Equal(rowsOf(rows), rowsOf(all))).To(BeTrue())
	})

	It("has all rows of many images", func(ctx SpecContext) {
		Expect(listing(ctx, many(10_000), lister.Filter{}).Len()).To(Equal(10_000))
	})

	DescribeTable("holds an ID as it is", func(id string) {
		Expect(tagsOf(lister.ListOf(lister.Tag{ID: id}))[0].ID).To(Equal(id))
	},
		Entry("of all digits", "sha256:"+strings.Repeat("0123456789abcdef", 4)),
		Entry("of capitals", "sha256:"+strings.Repeat("0123456789ABCDEF", 4)),
		Entry("of what is next to digits", "sha256:"+strings.Repeat("/:`g", 16)),
		Entry("of another algorithm", "sha512:"+strings.Repeat("0", 64)),
		Entry("without an algorithm", strings.Repeat("0", 64)),
		Entry("a digit longer", "sha256:"+strings.Repeat("0", 65)),
	)
})
