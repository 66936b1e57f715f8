package lister_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("the order of rows", func() {
	DescribeTable("depends on nothing else, even where rows differ in one thing only", func(change func(*lister.Tag)) {
		one := lister.Tag{Context: "prod", Repository: "a", Tag: "1", Digests: []string{"sha256:aa", "sha256:bb"}, ID: id('1'), Created: 5, Size: 5, Containers: 5, SharedSize: 5}
		other := one
		change(&other)
		rows := tagsOf(listOf(one, other))
		Expect(rows).To(ConsistOf(one, other))
		Expect(tagsOf(listOf(other, one))).To(Equal(rows))
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

	It("counts an image once, as large as it is anywhere", func() {
		total, err := lister.Sum(listOf(lister.Tag{ID: id('1'), Created: 2, Size: 10}, lister.Tag{ID: id('1'), Created: 1, Size: 15}))
		Expect(err).NotTo(HaveOccurred())
		Expect(total.Size).To(BeEquivalentTo(15))
	})
})
