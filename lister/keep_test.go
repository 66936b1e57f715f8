package lister_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("what is kept", func() {
	all := func() images {
		return images{
			tagged('1', ago(1*day), 1, "a:4", "b:1"), tagged('2', ago(2*day), 9, "a:3"), tagged('3', ago(3*day), 9, "a:2", "b:0"),
			tagged('4', ago(4*day), 1, "a:1"), tagged('5', ago(5*day), 9),
			{ID: id('6'), Created: ago(6 * day), RepoDigests: []string{"a@sha256:aa"}},
		}
	}

	It("is never a guess: what is as old as the last one is kept, and so is what is undated", func(ctx SpecContext) {
		reproducible := images{ // all of one date, as build tools make them, but for two
			tagged('1', ago(9*day), 1, "a:9"), tagged('2', ago(9*day), 1, "a:10"), tagged('3', ago(9*day), 1, "a:11"),
			tagged('4', ago(10*day), 1, "a:old"), tagged('5', 0, 1, "a:undated", "b:undated"), tagged('6', ago(1*day), 1, "b:1"), tagged('7', ago(2*day), 1, "b:2"),
		}
		Expect(names(list(ctx, reproducible, lister.Filter{Keep: 1}))).To(Equal([]string{"b 2", "a old"}))
		Expect(names(list(ctx, reproducible, lister.Filter{Keep: 3}))).To(Equal([]string{"a old"}))
		Expect(names(list(ctx, reproducible, lister.Filter{Keep: 4}))).To(BeEmpty())
	})

	It("of a thousand tags of one date is all of them", func(ctx SpecContext) {
		var all images
		for i := range 1000 {
			all = append(all, tagged(byte('0'+i%10), ago(day), 1, fmt.Sprintf("a:%d", i)), tagged('x', ago(time.Duration(i+1)*time.Hour), 1, fmt.Sprintf("b:%d", i)))
		}
		Expect(list(ctx, all, lister.Filter{Keep: 1, Prefixes: []string{"a"}})).To(BeEmpty())
		Expect(list(ctx, all, lister.Filter{Keep: 7, Prefixes: []string{"b"}})).To(HaveLen(993))
	})

	It("is a name: one that the engine lists at two images is ranked once, by the newer", func(ctx SpecContext) {
		moving := images{
			tagged('1', ago(1*day), 1, "a:latest"), tagged('2', ago(2*day), 1, "a:latest"), tagged('3', ago(3*day), 1, "a:1"),
			tagged('4', ago(4*day), 1, "only:latest"), tagged('5', ago(5*day), 1, "only:latest"),
			tagged('6', ago(6*day), 1, "undated:1"), tagged('7', 0, 1, "undated:1"), tagged('8', ago(1*day), 1, "undated:2"),
		}
		Expect(names(list(ctx, moving, lister.Filter{Keep: 1}))).To(Equal([]string{"a 1"}))
		Expect(list(ctx, moving, lister.Filter{Keep: 2})).To(BeEmpty())
		Expect(names(list(ctx, moving, lister.Filter{Keep: 1, KeepImages: true}))).To(Equal([]string{"a 1"}))
	})

	DescribeTable("is left out", func(ctx SpecContext, filter lister.Filter, want ...string) {
		Expect(names(list(ctx, all(), filter))).To(Equal(want))
	},
		Entry("the newest of each repository; the untagged never", lister.Filter{Keep: 1}, "a 3", "a 2", "b 0", "a 1", "<none> <none>", "a <none>"),
		Entry("several", lister.Filter{Keep: 3}, "a 1", "<none> <none>", "a <none>"),
		Entry("ranked among all tags, whatever the other limits", lister.Filter{Keep: 2, MinSize: bytes(5), Prefixes: []string{"a"}}, "a 2"),
		Entry("before the newest are counted", lister.Filter{Keep: 1, MaxTags: 1}, "a 3", "b 0", "<none> <none>"),
		Entry("with all other tags of its images, if asked for", lister.Filter{Keep: 2, KeepImages: true}, "a 1", "<none> <none>", "a <none>"),
		Entry("nothing", lister.Filter{Keep: 0, Prefixes: []string{"b"}}, "b 1", "b 0"),
	)

	It("with any inventory, is the newest tags, and no other listed image has one of them", func(ctx SpecContext) {
		random := rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), 0))
		for range 3000 {
			all, filter := inventory(random), randomFilter(random)
			filter.Keep, filter.KeepImages = 1+random.IntN(3), false

			everything := list(ctx, all, lister.Filter{})
			kept, keptIDs := map[string]bool{}, map[string]bool{}
			for _, t := range everything {
				for _, exclude := range filter.Excludes {
					keptIDs[t.ID] = keptIDs[t.ID] || strings.HasPrefix(t.Repository, exclude)
				}
				if t.Tag != lister.None && keepsNaively(everything, t, filter.Keep) {
					kept[t.Repository+":"+t.Tag], keptIDs[t.ID] = true, true
				}
			}
			unkept := filter
			unkept.Keep, unkept.MaxTags = 0, 0
			candidates := list(ctx, all, unkept)

			wholly := filter
			wholly.KeepImages, wholly.MaxTags, filter.MaxTags = true, 0, 0
			Expect(rowsOf(list(ctx, all, filter))).To(Equal(rowsOf(slices.DeleteFunc(slices.Clone(candidates), func(t lister.Tag) bool {
				return kept[t.Repository+":"+t.Tag]
			}))))
			Expect(rowsOf(list(ctx, all, wholly))).To(Equal(rowsOf(slices.DeleteFunc(candidates, func(t lister.Tag) bool {
				return kept[t.Repository+":"+t.Tag] || keptIDs[t.ID]
			}))))
		}
	})
})

// keepsNaively reports whether --keep spares the name of a row: one of its images is undated, or fewer
// other names of its repository than keep have a newer image than its own newest.
func keepsNaively(everything []lister.Tag, row lister.Tag, keep int) bool {
	newest := map[string]int64{}
	for _, t := range everything {
		if t.Repository != row.Repository || t.Tag == lister.None {
			continue
		}
		if t.Tag == row.Tag && t.Created == 0 {
			return true
		}
		newest[t.Tag] = max(newest[t.Tag], t.Created)
	}
	newer := 0
	for _, created := range newest {
		if created > newest[row.Tag] {
			newer++
		}
	}
	return newer < keep
}

var _ = Describe("sorting", func() {
	rows := func() []lister.Tag {
		return []lister.Tag{
			{Repository: "b", Tag: "1.9", ID: "1", Created: 3, Size: 5},
			{Repository: "a10", Tag: "2", ID: "2", Created: 2, Size: 9},
			{Repository: "a9", Tag: "1.10", ID: "3", Created: 1, Size: 5},
			{Repository: "c", Tag: "1.10", ID: "3", Created: 1, Size: 5},
		}
	}

	DescribeTable("is by one key, then newest first, repository, tag and ID", func(key lister.Key, want ...string) {
		random := rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), 0))
		for range 20 {
			tags := rows()
			random.Shuffle(len(tags), func(i, j int) { tags[i], tags[j] = tags[j], tags[i] })
			sorted := listOf(tags...)
			lister.Sort(sorted, key)
			Expect(names(tagsOf(sorted))).To(Equal(want))
		}
	},
		Entry("created", lister.ByCreated, "b 1.9", "a10 2", "a9 1.10", "c 1.10"),
		Entry("size", lister.BySize, "a10 2", "b 1.9", "a9 1.10", "c 1.10"),
		Entry("repository, by the numbers in it", lister.ByRepository, "a9 1.10", "a10 2", "b 1.9", "c 1.10"),
		Entry("tag, by the numbers in it", lister.ByTag, "b 1.9", "a9 1.10", "c 1.10", "a10 2"),
	)

	DescribeTable("is possible for repositories too", func(key lister.Key, want ...string) {
		repos, err := lister.Repositories(listOf(rows()...))
		Expect(err).NotTo(HaveOccurred())
		lister.SortRepositories(repos, key)
		var names []string
		for _, r := range repos {
			names = append(names, r.Name)
		}
		Expect(names).To(Equal(want))
	},
		Entry("created", lister.ByCreated, "b", "a10", "a9", "c"),
		Entry("size", lister.BySize, "a10", "b", "a9", "c"),
		Entry("repository", lister.ByRepository, "a9", "a10", "b", "c"),
	)

	It("does not depend on the engine's order, even where it names an image twice, with two sizes", func(ctx SpecContext) {
		twice := images{tagged('1', 9, 5, "a:1"), tagged('1', 9, 7, "a:1"), tagged('1', 9, 6, "b:1")}
		rows := listing(ctx, twice, lister.Filter{})
		slices.Reverse(twice)
		Expect(list(ctx, twice, lister.Filter{})).To(Equal(tagsOf(rows)))
		for _, key := range []lister.Key{lister.ByCreated, lister.BySize, lister.ByRepository} {
			lister.Sort(rows, key)
			Expect(lister.Sum(rows)).To(Equal(lister.Total{Size: 7, Unique: -1, Images: 1, Tags: 3}))
		}
	})
})

var _ = Describe("repositories of tags", func() {
	It("count their rows, their images once, and tell the newest", func() {
		tags := []lister.Tag{
			{Repository: "b", Tag: "1", ID: "1", Created: 3, Size: 5},
			{Repository: "a", Tag: "2", ID: "1", Created: 3, Size: 5},
			{Repository: "a", Tag: "1", ID: "1", Created: 3, Size: 5},
			{Repository: "a", Tag: "0", ID: "2", Created: 0, Size: 7},
			{Context: "x", Repository: "a", Tag: "0", ID: "2", Created: 2, Size: -1},
		}
		Expect(lister.Repositories(listOf(tags...))).To(Equal([]*lister.Repository{
			{Name: "a", Tags: 3, Size: 12, Created: 3}, {Name: "b", Tags: 1, Size: 5, Created: 3}, {Context: "x", Name: "a", Tags: 1, Created: 2},
		}))
	})

	It("are all there where the size of one is past 2^63-1", func() {
		repos, err := lister.Repositories(listOf([]lister.Tag{{Repository: "a", ID: "1", Size: math.MaxInt64}, {Repository: "a", ID: "2", Size: 1}, {Repository: "b", ID: "3"}}...))
		Expect(err).To(MatchError(lister.ErrSum))
		Expect(repos).To(HaveLen(2))
	})
})

var _ = Describe("the table's options", func() {
	tag := func() lister.Tag {
		return lister.Tag{Context: "prod", Repository: "nginx", Tag: "latest", Digests: []string{"sha256:" + strings.Repeat("a", 64), "sha256:b"}, ID: "sha256:7e4d58f0e5f3aa", Created: ago(16 * day), Size: 133e6}
	}
	write := func(options lister.Table) string {
		var out strings.Builder
		options.Now = now()
		Expect(options.WriteTags(&out, listOf(tag()))).To(Succeed())
		return out.String()
	}

	It("add columns where they belong", func() {
		Expect(strings.Fields(strings.SplitN(write(lister.Table{Contexts: true, Digests: true}), "\n", 2)[0])).To(Equal(
			strings.Fields("CONTEXT REPOSITORY TAG DIGEST IMAGE ID CREATED SIZE")))
		Expect(write(lister.Table{Digests: true})).To(HaveSuffix("latest                     " + tag().Digests[0] + "   7e4d58f0e5f3        2 weeks ago         133MB\n"))
		Expect(write(lister.Table{Contexts: true})).To(ContainSubstring("\nprod                nginx  "))
	})

	It("show the image ID in full", func() {
		Expect(write(lister.Table{NoTrunc: true})).To(ContainSubstring(" sha256:7e4d58f0e5f3aa   2 weeks ago"))
	})

	It("print image IDs alone, each once", func() {
		var out strings.Builder
		other := "sha256:3" + strings.Repeat("0", 63)
		tags := listOf([]lister.Tag{{ID: id('1')}, {ID: id('2')}, {ID: other}, {ID: id('1'), Tag: "b"}, {ID: other, Tag: "b"}}...)
		Expect(lister.Table{}.WriteIDs(&out, tags)).To(Succeed())
		Expect(out.String()).To(Equal("000000000000\n000000000000\n300000000000\n"), "short IDs may be the same, IDs are not")
		out.Reset()
		Expect(lister.Table{NoTrunc: true}.WriteIDs(&out, tags)).To(Succeed())
		Expect(out.String()).To(Equal(id('1') + "\n" + id('2') + "\n" + other + "\n"))
	})

	DescribeTable("print no image IDs at all where one is none, which a shell could take for more", func(bad string) {
		var out strings.Builder
		Expect(lister.Table{NoTrunc: true}.WriteIDs(&out, listOf(lister.Tag{ID: id('1')}, lister.Tag{ID: bad}))).To(MatchError(lister.ErrReference))
		Expect(out.String()).To(BeEmpty())
	},
		Entry(nil, "-f"), Entry(nil, "*"), Entry(nil, "/dir/*"), Entry(nil, "sha256:"), Entry(nil, ":aa"), Entry(nil, "-x:aa"), Entry(nil, "sha256:aa$x"), Entry(nil, ""),
	)
})
