package lister_test

import (
	"context"
	"errors"
	"iter"
	"math"
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
		Entry("its start", lister.Filter{Excludes: patterns("base/*")}, "app 1", "app 2", "base 1"),
		Entry("whatever the prefixes", lister.Filter{Prefixes: []string{"base"}, Excludes: patterns("base/*")}, "base 1"),
		Entry("any of several", lister.Filter{Excludes: patterns("base/*", "ap*")}, "base 1"),
		Entry("with all other names of its image", lister.Filter{Excludes: patterns("base/*"), KeepImages: true}, "app 2", "base 1"),
		Entry("with all other names of its image, of which only others have the prefix", lister.Filter{Prefixes: []string{"app"}, Excludes: patterns("base/*"), KeepImages: true}, "app 2"),
		Entry("beside what is kept", lister.Filter{Keep: 1, Excludes: patterns("base*"), KeepImages: true}, "app 2"),
	)

	DescribeTable("by age", func(ctx SpecContext, created int64, minAge time.Duration, older, younger int) {
		all := images{tagged('1', created, 1, "a:1")}
		Expect(list(ctx, all, lister.Filter{CreatedBefore: before(minAge)})).To(HaveLen(older))
		Expect(list(ctx, all, lister.Filter{CreatedAfter: before(minAge)})).To(HaveLen(younger))
	},
		Entry("older", ago(21*day), 20*day, 1, 0),
		Entry("younger", ago(19*day), 20*day, 0, 1),
		Entry("a second younger", ago(20*day-time.Second), 20*day, 0, 1),
		Entry("500 nanoseconds past it, by a clock that counts them", ago(20*day), 20*day, 1, 0),
		Entry("of exactly this age", ago(20*day), 20*day+500, 0, 0),
		Entry("without a creation time", int64(0), time.Duration(1), 0, 0),
		Entry("of the year 1", int64(-62135596800), time.Duration(1), 0, 0),
		Entry("from the future", ago(-time.Hour), time.Duration(1), 0, 1),
		Entry("from the far future", int64(math.MaxInt64), time.Duration(1), 0, 1),
		Entry("more than any image's age", int64(1), time.Duration(math.MaxInt64), 0, 1),
	)

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

// using returns an image that this number of containers use, as far as the engine's list of images reports.
func using(image lister.Image, containers int64) lister.Image {
	image.Containers = containers
	return image
}

// A host is an engine with containers.
type host struct {
	images
	containers []lister.Container
	err        error
}

func (h host) Containers(context.Context) ([]lister.Container, error) { return h.containers, h.err }

// used returns images of which the list does not say which are in use.
func used() images {
	return images{
		using(tagged('1', 5, 1, "app:1", "app:stable"), -1), using(tagged('2', 4, 1, "app:2"), -1),
		using(tagged('3', 3, 1, "db:latest"), -1), using(tagged('4', 2, 1), -1),
		{ID: id('5'), Created: 1, Containers: -1, RepoDigests: []string{"c@sha256:aa"}},
	}
}

var _ = Describe("images in use", func() {
	DescribeTable("are not unused", func(ctx SpecContext, c lister.Container, want ...string) {
		Expect(names(list(ctx, host{images: used(), containers: []lister.Container{c}}, lister.Filter{Unused: true}))).To(Equal(want))
	},
		Entry("with all names of the image", lister.Container{Image: "app:1", ImageID: id('1')}, "app 2", "db latest", "<none> <none>", "c <none>"),
		Entry("nor a name that was moved since", lister.Container{Image: "app:2", ImageID: id('1')}, "db latest", "<none> <none>", "c <none>"),
		Entry("nor the latest, which goes without saying", lister.Container{Image: "db", ImageID: id('9')}, "app 1", "app stable", "app 2", "<none> <none>", "c <none>"),
		Entry("untagged", lister.Container{Image: id('4'), ImageID: id('4')}, "app 1", "app stable", "app 2", "db latest", "c <none>"),
		Entry("by digest", lister.Container{Image: "c@sha256:aa", ImageID: id('5')}, "app 1", "app stable", "app 2", "db latest", "<none> <none>"),
		Entry("by a long name", lister.Container{Image: "docker.io/library/db:latest", ImageID: id('9')}, "app 1", "app stable", "app 2", "<none> <none>", "c <none>"),
	)

	It("are those that the list of images reports, without another question", func(ctx SpecContext) {
		reported := images{using(tagged('1', 3, 1, "a:1"), 0), using(tagged('2', 2, 1, "b:1"), 2)}
		silent := host{images: reported, err: errors.New("not to be asked")}
		Expect(names(list(ctx, silent, lister.Filter{Unused: true}))).To(Equal([]string{"a 1"}))
		_, err := lister.Lister{Engine: silent, Fields: lister.UsedBy}.Tags(ctx, lister.Filter{})
		Expect(err).To(MatchError("listing containers: not to be asked"))
	})

	It("are in use if only one of the two lists says so", func(ctx SpecContext) {
		reported := images{using(tagged('1', 3, 1, "a:1"), 1), using(tagged('2', 2, 1, "b:1"), -1)}
		Expect(names(list(ctx, host{images: reported}, lister.Filter{Unused: true}))).To(Equal([]string{"b 1"}))
	})

	It("are in use if the engine lists them twice, and once without a container", func(ctx SpecContext) {
		twice := images{using(tagged('1', 3, 1, "a:1"), 0), using(tagged('1', 3, 1, "a:1"), 1)}
		Expect(list(ctx, host{images: twice}, lister.Filter{Unused: true})).To(BeEmpty())
	})

	It("have the names of their containers", func(ctx SpecContext) {
		containers := []lister.Container{{"web", "app:2", id('2')}, {"job\n", "app:1", id('2')}, {"old", "app:2", id('2')}}
		rows := listAll(ctx, lister.Lister{Engine: host{images: used()[:3], containers: containers}, Fields: lister.UsedBy}, lister.Filter{})
		Expect(names(rows)).To(Equal([]string{"app 1", "app stable", "app 2", "db latest"}))
		Expect(rows[0].UsedBy()).To(Equal([]string{`job\x0a`}))
		Expect(rows[1].UsedBy()).To(Equal([]string{}))
		Expect(rows[2].UsedBy()).To(Equal([]string{`job\x0a`, "old", "web"}))
		Expect(rows[2].Containers).To(BeEquivalentTo(3))
	})
})

var _ = DescribeTable("labels", func(ctx SpecContext, want []string, labels ...string) {
	labelled := func(image lister.Image, labels map[string]string) lister.Image {
		image.Labels = labels
		return image
	}
	all := images{
		labelled(tagged('1', 3, 1, "a:1"), map[string]string{"team": "x", "stage": "", "note": "one\ntwo three"}),
		labelled(tagged('2', 2, 1, "b:1"), map[string]string{"team": "y"}), tagged('3', 1, 1, "c:1"),
	}
	Expect(names(list(ctx, all, lister.Filter{Labels: labels}))).To(Equal(want))
},
	Entry("a key", []string{"a 1", "b 1"}, "team"),
	Entry("a key and its value", []string{"b 1"}, "team=y"),
	Entry("all of several", []string{"a 1"}, "team", "stage"),
	Entry("an empty value is a value", []string{"a 1"}, "stage="),
	Entry("a value that is shown escaped", []string{"a 1"}, "note=one\ntwo three"),
	Entry("none", []string{}, "team=z"),
	Entry("no part of a key or a value", []string{}, "tea"),
)

// asked is an engine without images that remembers what was wanted of them.
type asked struct {
	images
	want *lister.Want
}

func (a asked) Images(_ context.Context, want lister.Want) iter.Seq2[lister.Image, error] {
	*a.want = want
	return func(func(lister.Image, error) bool) {}
}

var _ = DescribeTable("of an engine's images only those are wanted that may be listed", func(ctx SpecContext, filter lister.Filter, fields lister.Fields, prefixes ...string) {
	var want lister.Want
	listAll(ctx, lister.Lister{Engine: asked{want: &want}, Fields: fields}, filter)
	Expect(want).To(Equal(lister.Want{Prefixes: append([]string(nil), prefixes...), SharedSize: fields.Has(lister.SharedSize), Labels: fields.Has(lister.Labels)}))
},
	Entry("all", lister.Filter{}, lister.SharedSize),
	Entry("by prefixes", lister.Filter{Prefixes: []string{"a", "b"}, CreatedBefore: before(day), MaxTags: 1}, lister.Fields(0), "a", "b"),
	Entry("by prefixes, ranked in their repositories", lister.Filter{Prefixes: []string{"a"}, Keep: 1}, lister.Fields(0), "a"),
	Entry("by prefixes, where no image is kept whole", lister.Filter{Prefixes: []string{"a"}, KeepImages: true}, lister.Fields(0), "a"),
	Entry("all, where what is excluded may keep an image", lister.Filter{Prefixes: []string{"a"}, Excludes: patterns("b"), KeepImages: true}, lister.Fields(0)),
	Entry("all, where another name may keep an image", lister.Filter{Prefixes: []string{"a"}, Keep: 1, KeepImages: true}, lister.Fields(0)),
	Entry("all, where an engine's answer on digests depends on the names asked for", lister.Filter{Prefixes: []string{"a"}}, lister.Digests),
)
