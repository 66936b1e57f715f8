package lister_test

import (
	"context"
	"log/slog"
	"math"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

// using is an image that so many containers use.
func using(image lister.Image, containers int64) lister.Image {
	image.Containers = containers
	return image
}

var _ = Describe("what uses images", func() {
	var log strings.Builder
	unused := func(ctx context.Context, all ...lister.Image) ([]*lister.Tag, error) {
		log.Reset()
		return lister.Lister{Engine: images(all), Log: slog.New(slog.NewTextHandler(&log, nil))}.Tags(ctx, lister.Filter{Unused: true})
	}

	It("leaves the images that nothing uses", func(ctx SpecContext) {
		tags, err := unused(ctx, using(tagged('1', 3, 1, "a:1"), 0), using(tagged('2', 2, 1, "b:1"), 2), using(tagged('3', 1, 1), 0))
		Expect(err).NotTo(HaveOccurred())
		Expect(names(tagsOf(tags))).To(Equal([]string{"a 1", "<none> <none>"}))
		Expect(log.String()).To(BeEmpty())
	})

	It("is never guessed: where the engine does not tell, the listing fails", func(ctx SpecContext) {
		tags, err := unused(ctx, using(tagged('1', 3, 1, "a:1"), -1))
		Expect(err).To(MatchError(lister.ErrUnused))
		Expect(err).To(MatchError(ContainSubstring("; try: Docker 28.3 or later, which speaks API 1.51")))
		Expect(tags).To(BeNil())
	})

	It("is never guessed: an image of which the engine does not tell is left out, with a warning", func(ctx SpecContext) {
		tags, err := unused(ctx, using(tagged('1', 3, 1, "a:1"), -1), using(tagged('2', 2, 1, "b:1"), 0))
		Expect(err).NotTo(HaveOccurred())
		Expect(names(tagsOf(tags))).To(Equal([]string{"b 1"}))
		Expect(log.String()).To(ContainSubstring("level=WARN"))
	})

	It("is none of no images", func(ctx SpecContext) {
		tags, err := unused(ctx)
		Expect(err).NotTo(HaveOccurred())
		Expect(tags).To(BeEmpty())
	})
})

var _ = Describe("the unique size", func() {
	tags := func() []*lister.Tag {
		return listOf(
			lister.Tag{Repository: "a", Tag: "1", ID: id('1'), Created: 3, Size: 1000, SharedSize: 400},
			lister.Tag{Repository: "a", Tag: "2", ID: id('1'), Created: 3, Size: 1000, SharedSize: 400},
			lister.Tag{Repository: "b", Tag: "1", ID: id('2'), Created: 2, Size: 500, SharedSize: 500},
			lister.Tag{Repository: "c", Tag: "1", ID: id('3'), Created: 1, Size: 900, SharedSize: 0},
		)
	}

	It("is what an image does not share, and counts once for each", func() {
		Expect(lister.Sum(tags())).To(Equal(lister.Total{Size: 2400, Unique: 1500, Images: 3, Tags: 4}))
	})

	DescribeTable("is not known", func(size, shared int64) {
		tag := lister.Tag{ID: id('1'), Size: size, SharedSize: shared}
		Expect(tag.UniqueSize()).To(BeNumerically("<", 0))
		total, err := lister.Sum(listOf(tag, lister.Tag{ID: id('2'), Size: 5}))
		Expect(err).NotTo(HaveOccurred())
		Expect(total.Unique).To(BeNumerically("<", 0))
	},
		Entry("where the engine does not tell what is shared", int64(5), int64(-1)),
		Entry("where it does not know the size", int64(-1), int64(0)),
	)

	It("is never less than nothing", func() {
		Expect((&lister.Tag{Size: 5, SharedSize: math.MaxInt64}).UniqueSize()).To(BeZero())
	})

	It("is nothing of an image without a byte", func() { Expect((&lister.Tag{}).UniqueSize()).To(BeZero()) })

	It("is a key to sort by", func() {
		list := tags()
		lister.Sort(list, lister.ByUnique)
		Expect(names(tagsOf(list))).To(Equal([]string{"c 1", "a 1", "a 2", "b 1"}))
	})

	It("is a last column, with a total", func() {
		total, err := lister.Sum(tags())
		Expect(err).NotTo(HaveOccurred())
		var out strings.Builder
		Expect(lister.Table{Now: now(), Unique: true, Total: &total}.WriteTags(&out, tags())).To(Succeed())
		var cells []string
		for line := range strings.Lines(out.String()) {
			cells = append(cells, strings.TrimSpace(line[139:]))
		}
		Expect(cells).To(Equal([]string{"SIZE                UNIQUE SIZE", "1kB                 600B", "1kB                 600B", "500B                0B", "900B                900B", "2.4kB               1.5kB"}))
	})

	It("is kept where only some rows are", func(ctx SpecContext) {
		list, err := lister.Lister{Engine: many(100), Fields: lister.SharedSize}.Tags(ctx, lister.Filter{MaxTags: 1})
		Expect(err).NotTo(HaveOccurred())
		for _, tag := range list {
			Expect(tag.UniqueSize()).To(Equal(tag.Size))
		}
	})
})

var _ = Describe("what is excluded", func() {
	all := func() images {
		return images{tagged('1', 3, 1, "base/os:1", "app:1"), tagged('2', 2, 1, "app:2"), tagged('3', 1, 1, "base:1")}
	}

	DescribeTable("is left out", func(ctx SpecContext, filter lister.Filter, want ...string) {
		Expect(names(list(ctx, all(), filter))).To(Equal(want))
	},
		Entry("by its start", lister.Filter{Excludes: []string{"base/"}}, "app 1", "app 2", "base 1"),
		Entry("whatever the prefixes", lister.Filter{Prefixes: []string{"base"}, Excludes: []string{"base/"}}, "base 1"),
		Entry("by any of several", lister.Filter{Excludes: []string{"base/", "ap"}}, "base 1"),
		Entry("with all other names of its image, if asked for", lister.Filter{Excludes: []string{"base/"}, KeepImages: true}, "app 2", "base 1"),
		Entry("with all other names of its image, of which only others have the prefix", lister.Filter{Prefixes: []string{"app"}, Excludes: []string{"base/"}, KeepImages: true}, "app 2"),
		Entry("beside what is kept", lister.Filter{Keep: 1, Excludes: []string{"base"}, KeepImages: true}, "app 2"),
	)
})
