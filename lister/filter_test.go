package lister_test

import (
	"context"
	"iter"
	"log/slog"
	"math"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("the filter", func() {
	DescribeTable("by prefix", func(ctx SpecContext, want []string, prefixes ...string) {
		all := images{tagged('1', 0, 1, "my/nginx:1", "nginx:1", "nginx-extra/x:1", "Nginx:1", "debian:1"), tagged('2', 0, 1)}
		Expect(names(list(ctx, all, lister.Filter{Prefixes: prefixes}))).To(Equal(want))
	},
		Entry("starts with it, never a substring; case counts", []string{"nginx 1", "nginx-extra/x 1"}, "nginx"),
		Entry("any of several", []string{"debian 1", "my/nginx 1"}, "my/", "debian"),
		Entry("crosses a slash", []string{"nginx-extra/x 1"}, "nginx-extra/"),
		Entry("the untagged", []string{"<none> <none>"}, "<none>"),
		Entry("plain text: no pattern", []string{}, "ng*"),
		Entry("a comma is a comma", []string{}, "nginx,debian"),
		Entry("the familiar name, not the long one", []string{}, "docker.io/"),
		Entry("the empty text: all", []string{"<none> <none>", "Nginx 1", "debian 1", "my/nginx 1", "nginx 1", "nginx-extra/x 1"}, ""),
	)

	DescribeTable("by what is excluded", func(ctx SpecContext, filter lister.Filter, want ...string) {
		all := images{tagged('1', 3, 1, "base/os:1", "app:1"), tagged('2', 2, 1, "app:2"), tagged('3', 1, 1, "base:1")}
		Expect(names(list(ctx, all, filter))).To(Equal(want))
	},
		Entry("its start", lister.Filter{Excludes: []string{"base/"}}, "app 1", "app 2", "base 1"),
		Entry("whatever the prefixes", lister.Filter{Prefixes: []string{"base"}, Excludes: []string{"base/"}}, "base 1"),
		Entry("any of several", lister.Filter{Excludes: []string{"base/", "ap"}}, "base 1"),
		Entry("with all other names of its image", lister.Filter{Excludes: []string{"base/"}, KeepImages: true}, "app 2", "base 1"),
		Entry("with all other names of its image, of which only others have the prefix", lister.Filter{Prefixes: []string{"app"}, Excludes: []string{"base/"}, KeepImages: true}, "app 2"),
		Entry("beside what is kept", lister.Filter{Keep: 1, Excludes: []string{"base"}, KeepImages: true}, "app 2"),
	)

	DescribeTable("by age", func(ctx SpecContext, created int64, minAge time.Duration, rows int) {
		Expect(list(ctx, images{tagged('1', created, 1, "a:1")}, lister.Filter{MinAge: minAge})).To(HaveLen(rows))
	},
		Entry("no limit", ago(0), time.Duration(0), 1),
		Entry("older", ago(21*day), 20*day, 1),
		Entry("younger", ago(19*day), 20*day, 0),
		Entry("a second too young", ago(20*day-time.Second), 20*day, 0),
		Entry("500 nanoseconds past it, by a clock that counts them", ago(20*day), 20*day, 1),
		Entry("without a creation time", int64(0), time.Duration(1), 0),
		Entry("of the year 1", int64(-62135596800), time.Duration(1), 0),
		Entry("without a creation time and without a limit", int64(0), time.Duration(0), 1),
		Entry("from the future", ago(-time.Hour), time.Duration(1), 0),
		Entry("from the far future", int64(math.MaxInt64), time.Duration(1), 0),
		Entry("more than any image's age", int64(1), time.Duration(math.MaxInt64), 0),
	)

	It("takes an age of exactly the limit for too young", func(ctx SpecContext) {
		exactly := func() time.Time { return now().Truncate(time.Second) }
		all := images{tagged('1', ago(20*day), 1, "exact:1"), tagged('2', ago(20*day+time.Second), 1, "older:1")}
		Expect(names(listAll(ctx, lister.Lister{Engine: all, Now: exactly}, lister.Filter{MinAge: 20 * day}))).To(Equal([]string{"older 1"}))
	})

	DescribeTable("by size", func(ctx SpecContext, size int64, minSize *int64, rows int) {
		Expect(list(ctx, images{tagged('1', 0, size, "a:1")}, lister.Filter{MinSize: minSize})).To(HaveLen(rows))
	},
		Entry("no limit", int64(0), nil, 1),
		Entry("exactly the size", int64(100), bytes(100), 0),
		Entry("a byte more", int64(101), bytes(100), 1),
		Entry("nothing is not bigger than nothing", int64(0), bytes(0), 0),
		Entry("a byte is bigger than nothing", int64(1), bytes(0), 1),
		Entry("an unknown size is not bigger than nothing", int64(-1), bytes(0), 0),
		Entry("the biggest of all", int64(math.MaxInt64), bytes(math.MaxInt64-1), 1),
		Entry("nothing is bigger than the biggest", int64(math.MaxInt64), bytes(math.MaxInt64), 0),
	)

	DescribeTable("by what is kept and how many are listed", func(ctx SpecContext, filter lister.Filter, want ...string) {
		all := images{
			tagged('1', ago(1*day), 1, "a:4", "b:1"), tagged('2', ago(2*day), 9, "a:3"), tagged('3', ago(3*day), 9, "a:2", "b:0"),
			tagged('4', ago(4*day), 1, "a:1"), tagged('5', ago(5*day), 9), tagged('1', ago(1*day), 1, "a:4"), // twice
			{ID: id('6'), Created: ago(6 * day), RepoDigests: []string{"a@sha256:aa"}},
		}
		Expect(names(list(ctx, all, filter))).To(Equal(want))
	},
		Entry("the newest of each repository are kept, the untagged never", lister.Filter{Keep: 1}, "a 3", "a 2", "b 0", "a 1", "<none> <none>", "a <none>"),
		Entry("ranked among all tags, whatever the other limits", lister.Filter{Keep: 2, MinSize: bytes(5), Prefixes: []string{"a"}}, "a 2"),
		Entry("before the newest are counted", lister.Filter{Keep: 1, MaxTags: 1}, "a 3", "b 0", "<none> <none>"),
		Entry("with all other tags of its images", lister.Filter{Keep: 2, KeepImages: true}, "a 1", "<none> <none>", "a <none>"),
		Entry("the newest of each repository are listed", lister.Filter{MaxTags: 2}, "a 4", "b 1", "a 3", "b 0", "<none> <none>"),
		Entry("among those that pass the other limits", lister.Filter{MaxTags: 1, MinSize: bytes(5)}, "a 3", "b 0", "<none> <none>"),
	)

	DescribeTable("never guesses what to keep", func(ctx SpecContext, keep int, want ...string) {
		all := images{ // of one date, as reproducible builds make them, undated, and one name at two images
			tagged('1', ago(9*day), 1, "a:9"), tagged('2', ago(9*day), 1, "a:10"), tagged('3', ago(9*day), 1, "a:11"),
			tagged('4', ago(10*day), 1, "a:old"), tagged('5', 0, 1, "a:undated", "b:undated"), tagged('6', ago(1*day), 1, "b:1"),
			tagged('7', ago(2*day), 1, "b:1"), tagged('8', ago(3*day), 1, "b:2"),
		}
		Expect(names(list(ctx, all, lister.Filter{Keep: keep}))).To(ConsistOf(want))
	},
		Entry("as old as the last one", 1, "b 2", "a old"),
		Entry("as many as there are of one date", 3, "a old"),
		Entry("all", 4),
	)
})

// using returns an image that this number of containers use.
func using(image lister.Image, containers int64) lister.Image {
	image.Containers = containers
	return image
}

var _ = Describe("the filter of unused images", func() {
	DescribeTable("lists what no container uses for certain", func(ctx SpecContext, all images, warning string, want ...string) {
		var log strings.Builder
		rows := listAll(ctx, lister.Lister{Engine: all, Log: slog.New(slog.NewTextHandler(&log, nil))}, lister.Filter{Unused: true})
		Expect(names(rows)).To(ConsistOf(want))
		Expect(log.String()).To(MatchRegexp(warning))
	},
		Entry("where the engine reports containers", images{using(tagged('1', 3, 1, "a:1"), 0), using(tagged('2', 2, 1, "b:1"), 2), using(tagged('3', 1, 1), 0)}, "^$", "a 1", "<none> <none>"),
		Entry("where it does not report those of one image", images{using(tagged('1', 3, 1, "a:1"), -1), using(tagged('2', 2, 1, "b:1"), 0)},
			`level=WARN msg="left out images whose containers the engine does not report" images=1\n$`, "b 1"),
		Entry("of no images", images{}, "^$"),
	)

	It("fails where the engine reports no containers at all", func(ctx SpecContext) {
		rows, err := lister.Lister{Engine: images{using(tagged('1', 3, 1, "a:1"), -1)}}.Tags(ctx, lister.Filter{Unused: true})
		Expect(err).To(MatchError(lister.ErrUnused))
		Expect(err).To(MatchError(ContainSubstring("; try: Docker 28.3 or later, which speaks API 1.51")))
		Expect(rows).To(BeNil())
	})
})

// asked is an engine without images that remembers what was wanted of them.
type asked struct{ want *lister.Want }

func (a asked) Images(_ context.Context, want lister.Want) iter.Seq2[lister.Image, error] {
	*a.want = want
	return func(func(lister.Image, error) bool) {}
}

var _ = DescribeTable("of an engine's images only those are wanted that may be listed", func(ctx SpecContext, filter lister.Filter, fields lister.Fields, prefixes ...string) {
	var want lister.Want
	listAll(ctx, lister.Lister{Engine: asked{&want}, Fields: fields}, filter)
	Expect(want).To(Equal(lister.Want{Prefixes: append([]string(nil), prefixes...), SharedSize: fields.Has(lister.SharedSize)}))
},
	Entry("all", lister.Filter{}, lister.SharedSize),
	Entry("by prefixes", lister.Filter{Prefixes: []string{"a", "b"}, MinAge: day, MaxTags: 1}, lister.Fields(0), "a", "b"),
	Entry("by prefixes, ranked in their repositories", lister.Filter{Prefixes: []string{"a"}, Keep: 1}, lister.Fields(0), "a"),
	Entry("by prefixes, where no image is kept whole", lister.Filter{Prefixes: []string{"a"}, KeepImages: true}, lister.Fields(0), "a"),
	Entry("all, where what is excluded may keep an image", lister.Filter{Prefixes: []string{"a"}, Excludes: []string{"b"}, KeepImages: true}, lister.Fields(0)),
	Entry("all, where another name may keep an image", lister.Filter{Prefixes: []string{"a"}, Keep: 1, KeepImages: true}, lister.Fields(0)),
	Entry("all, where an engine's answer on digests depends on the names asked for", lister.Filter{Prefixes: []string{"a"}}, lister.Digests),
)
