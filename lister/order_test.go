package lister_test

import (
	"math"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("the order of rows", func() {
	It("is newest first, then repository, tag and ID, images of unknown age last", func(ctx SpecContext) {
		all := images{
			tagged('9', 0, 1, "old:1"), tagged('2', 100, 1, "b:2", "b:1"), tagged('1', 100, 1, "a:1"),
			tagged('4', 200, 1), tagged('3', 200, 1), tagged('5', now().Unix()+1000, 1, "future:1"),
		}
		Expect(rowsOf(list(ctx, all, lister.Filter{}))).To(Equal([]string{
			"future 1 " + id('5'), "<none> <none> " + id('3'), "<none> <none> " + id('4'),
			"a 1 " + id('1'), "b 1 " + id('2'), "b 2 " + id('2'), "old 1 " + id('9'),
		}))
	})

	pair := func(change func(*lister.Row)) (one, other lister.Row) {
		one = lister.Row{Repository: "a", Tag: "1", Digests: []string{"sha256:aa", "sha256:bb"}, ID: id('1'), Created: 5, Size: 5, Containers: 5, SharedSize: 5}
		other = one
		change(&other)
		return one, other
	}
	inOrder := func(rows ...lister.Row) []*lister.Row {
		tags, _ := lister.Gather([]string{"prod"}, func(string) ([]*lister.Row, error) { return []*lister.Row{&rows[0], &rows[1]}, nil })
		return tags
	}

	DescribeTable("depends on nothing else, even where rows differ in one thing only", func(change func(*lister.Row)) {
		one, other := pair(change)
		rows := inOrder(one, other)
		Expect(rows).To(HaveLen(2))
		Expect(inOrder(other, one)).To(Equal(rows))
	},
		Entry("the repository", func(r *lister.Row) { r.Repository = "b" }),
		Entry("the tag", func(r *lister.Row) { r.Tag = "2" }),
		Entry("the ID", func(r *lister.Row) { r.ID = id('2') }),
		Entry("the creation time", func(r *lister.Row) { r.Created = 6 }),
	)

	DescribeTable("has an image once that the engine lists twice, with more containers, or else bigger", func(change func(*lister.Row), second bool) {
		one, other := pair(change)
		want := one
		if second {
			want = other
		}
		want.Context = "prod"
		Expect(inOrder(one, other)).To(Equal([]*lister.Row{&want}))
		Expect(inOrder(other, one)).To(Equal([]*lister.Row{&want}))
	},
		Entry("the same", func(*lister.Row) {}, false),
		Entry("with fewer containers, and bigger", func(r *lister.Row) { r.Containers, r.Size = 0, 6 }, false),
		Entry("with more containers", func(r *lister.Row) { r.Containers = 6 }, true),
		Entry("bigger", func(r *lister.Row) { r.Size = 6 }, true),
		Entry("with a bigger shared size", func(r *lister.Row) { r.SharedSize = 6 }, true),
		Entry("with a later digest", func(r *lister.Row) { r.Digests = []string{"sha256:aa", "sha256:cc"} }, false),
		Entry("with fewer digests", func(r *lister.Row) { r.Digests = []string{"sha256:aa"} }, true),
	)

	It("is the same for any order of the engine, even where it names an image twice, with two sizes", func(ctx SpecContext) {
		twice := images{tagged('1', 9, 5, "a:1"), tagged('1', 9, 7, "a:1"), tagged('1', 9, 6, "b:1")}
		rows := list(ctx, twice, lister.Filter{})
		slices.Reverse(twice)
		Expect(list(ctx, twice, lister.Filter{})).To(Equal(rows))
		Expect(lister.Sum(rows)).To(Equal(lister.Total{Size: 7, Unique: -1, Images: 1, Tags: 2}))
		slices.Reverse(rows)
		Expect(lister.Sum(rows)).To(Equal(lister.Total{Size: 7, Unique: -1, Images: 1, Tags: 2}))
	})
})

var _ = DescribeTable("sorting is by one key, and leaves ties in order", func(key lister.Key, tags []string, repositories []string) {
	rows := []*lister.Row{
		{Repository: "b", Tag: "1.9", ID: "1", Created: 3, Size: 5, SharedSize: 0},
		{Repository: "a10", Tag: "2", ID: "2", Created: 2, Size: 9, SharedSize: 9},
		{Repository: "a9", Tag: "1.10", ID: "3", Created: 1, Size: 5, SharedSize: 2},
		{Repository: "c", Tag: "1.10", ID: "3", Created: 1, Size: 5, SharedSize: 2},
	}
	repos, err := lister.Repositories(rows)
	Expect(err).NotTo(HaveOccurred())
	lister.Sort(rows, key)
	Expect(names(rows)).To(Equal(tags))
	lister.Sort(repos, key)
	var sorted []string
	for _, r := range repos {
		sorted = append(sorted, r.Repository)
	}
	Expect(sorted).To(Equal(repositories))
},
	Entry("created", lister.ByCreated, []string{"b 1.9", "a10 2", "a9 1.10", "c 1.10"}, []string{"b", "a10", "a9", "c"}),
	Entry("size", lister.BySize, []string{"a10 2", "b 1.9", "a9 1.10", "c 1.10"}, []string{"a10", "b", "a9", "c"}),
	Entry("repository, by the numbers in it", lister.ByRepository, []string{"a9 1.10", "a10 2", "b 1.9", "c 1.10"}, []string{"a9", "a10", "b", "c"}),
	Entry("tag, by the numbers in it", lister.ByTag, []string{"b 1.9", "a9 1.10", "c 1.10", "a10 2"}, []string{"b", "a10", "a9", "c"}),
	Entry("unique size", lister.ByUnique, []string{"b 1.9", "a9 1.10", "c 1.10", "a10 2"}, []string{"a10", "b", "a9", "c"}),
)

var _ = Describe("the sum", func() {
	DescribeTable("counts each image once", func(want lister.Total, rows ...*lister.Row) {
		Expect(lister.Sum(rows)).To(Equal(want))
	},
		Entry("however many tags name it", lister.Total{Size: 20, Unique: 20, Images: 2, Tags: 3},
			&lister.Row{ID: id('1'), Tag: "a", Size: 10}, &lister.Row{ID: id('1'), Tag: "b", Size: 10}, &lister.Row{ID: id('2'), Size: 10}),
		Entry("of each engine", lister.Total{Size: 10, Unique: 10, Images: 2, Tags: 2},
			&lister.Row{Context: "a", ID: id('1'), Size: 5}, &lister.Row{Context: "b", ID: id('1'), Size: 5}),
		Entry("as large as it is anywhere", lister.Total{Size: 15, Unique: 15, Images: 1, Tags: 2},
			&lister.Row{ID: id('1'), Created: 2, Size: 10}, &lister.Row{ID: id('1'), Created: 1, Size: 15}),
		Entry("less what it shares", lister.Total{Size: 2400, Unique: 1500, Images: 3, Tags: 4},
			&lister.Row{Tag: "1", ID: id('1'), Size: 1000, SharedSize: 400}, &lister.Row{Tag: "2", ID: id('1'), Size: 1000, SharedSize: 400},
			&lister.Row{ID: id('2'), Size: 500, SharedSize: 500}, &lister.Row{ID: id('3'), Size: 900}),
		Entry("of unknown size as nothing", lister.Total{Size: 5, Unique: -1, Images: 2, Tags: 2},
			&lister.Row{ID: id('1'), Size: -1}, &lister.Row{ID: id('2'), Size: 5}),
		Entry("of unknown shared size, which makes the unique one unknown", lister.Total{Size: 10, Unique: -1, Images: 2, Tags: 2},
			&lister.Row{ID: id('1'), Size: 5, SharedSize: -1}, &lister.Row{ID: id('2'), Size: 5}),
		Entry("up to 2^63-1 bytes", lister.Total{Size: math.MaxInt64, Unique: math.MaxInt64, Images: 2, Tags: 3},
			&lister.Row{ID: id('1'), Size: math.MaxInt64 - 1}, &lister.Row{ID: id('2'), Size: 1}, &lister.Row{ID: id('1'), Size: math.MaxInt64 - 1}),
		Entry("of none", lister.Total{}),
	)

	It("does not go past 2^63-1", func() {
		_, err := lister.Sum([]*lister.Row{{ID: id('1'), Size: math.MaxInt64}, {ID: id('3'), Size: 1}})
		Expect(err).To(MatchError(lister.ErrSum))
	})

	It("has unique sizes that are never less than nothing", func() {
		Expect((&lister.Row{Size: 5, SharedSize: math.MaxInt64}).UniqueSize()).To(BeZero())
	})
})

var _ = Describe("repositories of tags", func() {
	It("count their rows, their images once, and have the time of the newest", func() {
		Expect(lister.Repositories([]*lister.Row{
			{Repository: "b", Tag: "1", ID: "1", Created: 3, Size: 5},
			{Repository: "a", Tag: "1", ID: "1", Created: 3, Size: 5},
			{Repository: "a", Tag: "2", ID: "1", Created: 3, Size: 5},
			{Context: "x", Repository: "a", Tag: "0", ID: "2", Created: 2, Size: -1},
			{Repository: "a", Tag: "0", ID: "2", Created: 4, Size: 7},
		})).To(Equal([]*lister.Row{
			{Repository: "b", Tags: 1, Size: 5, Created: 3}, {Repository: "a", Tags: 3, Size: 12, Created: 4}, {Context: "x", Repository: "a", Tags: 1, Created: 2},
		}))
	})

	It("are all there where the size of one is past 2^63-1", func() {
		repos, err := lister.Repositories([]*lister.Row{{Repository: "a", ID: "1", Size: math.MaxInt64}, {Repository: "a", ID: "2", Size: 1}, {Repository: "b", ID: "3"}})
		Expect(err).To(MatchError(lister.ErrSum))
		Expect(repos).To(HaveLen(2))
	})
})
