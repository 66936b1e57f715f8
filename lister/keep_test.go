package lister_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

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
			filter.Keep = 1 + random.IntN(3)

			// Naively: rank every tag of every repository.
			kept, keptIDs, rank := map[string]bool{}, map[string]bool{}, map[string]int{}
			for _, t := range list(ctx, all, lister.Filter{}) {
				if t.Tag == lister.None {
					continue
				}
				if rank[t.Repository]++; rank[t.Repository] <= filter.Keep {
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

var _ = Describe("sorting", func() {
	rows := func() []lister.Tag {
		return []lister.Tag{
			{Repository: "b", Tag: "1", ID: "1", Created: 3, Size: 5},
			{Repository: "a", Tag: "2", ID: "2", Created: 2, Size: 9},
			{Repository: "a", Tag: "1", ID: "3", Created: 1, Size: 5},
			{Repository: "c", Tag: "1", ID: "3", Created: 1, Size: 5},
		}
	}

	DescribeTable("is by one key, then newest first, repository, tag and ID", func(key lister.Key, want ...string) {
		random := rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), 0))
		for range 20 {
			tags := rows()
			random.Shuffle(len(tags), func(i, j int) { tags[i], tags[j] = tags[j], tags[i] })
			lister.Sort(tags, key)
			Expect(names(tags)).To(Equal(want))
		}
	},
		Entry("created", lister.ByCreated, "b 1", "a 2", "a 1", "c 1"),
		Entry("size", lister.BySize, "a 2", "b 1", "a 1", "c 1"),
		Entry("repository", lister.ByRepository, "a 2", "a 1", "b 1", "c 1"),
		Entry("tag", lister.ByTag, "b 1", "a 1", "c 1", "a 2"),
	)
})

var _ = Describe("repositories of tags", func() {
	It("count their rows, their images once, and tell the newest", func() {
		tags := []lister.Tag{
			{Repository: "b", Tag: "1", ID: "1", Created: 3, Size: 5},
			{Repository: "a", Tag: "2", ID: "1", Created: 3, Size: 5},
			{Repository: "a", Tag: "1", ID: "1", Created: 3, Size: 5},
			{Repository: "a", Tag: "0", ID: "2", Created: 0, Size: 7},
			{Context: "x", Repository: "a", Tag: "0", ID: "2", Created: 9, Size: -1},
		}
		Expect(lister.Repositories(tags)).To(Equal([]lister.Repository{
			{Name: "b", Tags: 1, Size: 5, Created: 3}, {Name: "a", Tags: 3, Size: 12, Created: 3}, {Context: "x", Name: "a", Tags: 1, Created: 9},
		}))
	})

	It("are all there where the size of one is past 2^63-1", func() {
		repos, err := lister.Repositories([]lister.Tag{{Repository: "a", ID: "1", Size: math.MaxInt64}, {Repository: "a", ID: "2", Size: 1}, {Repository: "b", ID: "3"}})
		Expect(err).To(MatchError(lister.ErrSum))
		Expect(repos).To(HaveLen(2))
	})
})

var _ = Describe("digests", func() {
	It("are those of the tag's own repository, where asked for", func(ctx SpecContext) {
		all := images{
			{ID: id('1'), RepoTags: []string{"a:1", "b:1"}, RepoDigests: []string{"a@sha256:bb", "a@sha256:aa", "c@sha256:cc"}},
			{ID: id('2')},
		}
		tags, err := lister.Lister{Engine: all, Digests: true}.Tags(ctx, lister.Filter{})
		Expect(err).NotTo(HaveOccurred())
		digests := map[string]string{}
		for _, t := range tags {
			digests[t.Repository] = t.Digest
		}
		Expect(digests).To(Equal(map[string]string{"a": "sha256:aa", "b": "<none>", "c": "sha256:cc", "<none>": "<none>"}))
		Expect(list(ctx, all, lister.Filter{})[0].Digest).To(BeEmpty())
	})
})

var _ = Describe("the table's options", func() {
	tag := func() lister.Tag {
		return lister.Tag{Context: "prod", Repository: "nginx", Tag: "latest", Digest: "sha256:" + strings.Repeat("a", 64), ID: "sha256:7e4d58f0e5f3aa", Created: ago(16 * day), Size: 133e6}
	}
	write := func(options lister.Table) string {
		var out strings.Builder
		options.Now = now()
		Expect(options.WriteTags(&out, []lister.Tag{tag()})).To(Succeed())
		return out.String()
	}

	It("add columns where they belong", func() {
		Expect(strings.Fields(strings.SplitN(write(lister.Table{Contexts: true, Digests: true}), "\n", 2)[0])).To(Equal(
			strings.Fields("CONTEXT REPOSITORY TAG DIGEST IMAGE ID CREATED SIZE")))
		Expect(write(lister.Table{Digests: true})).To(HaveSuffix("latest                     " + tag().Digest + "   7e4d58f0e5f3        2 weeks ago         133MB\n"))
		Expect(write(lister.Table{Contexts: true})).To(ContainSubstring("\nprod                nginx  "))
	})

	It("show the image ID in full", func() {
		Expect(write(lister.Table{NoTrunc: true})).To(ContainSubstring(" sha256:7e4d58f0e5f3aa   2 weeks ago"))
	})

	It("print image IDs alone, each once", func() {
		var out strings.Builder
		tags := []lister.Tag{{ID: id('1')}, {ID: id('2')}, {ID: id('1')}}
		Expect(lister.Table{}.WriteIDs(&out, tags)).To(Succeed())
		Expect(out.String()).To(Equal("000000000000\n000000000000\n"), "short IDs may be the same, IDs are not")
		out.Reset()
		Expect(lister.Table{NoTrunc: true}.WriteIDs(&out, tags)).To(Succeed())
		Expect(out.String()).To(Equal(id('1') + "\n" + id('2') + "\n"))
	})
})
