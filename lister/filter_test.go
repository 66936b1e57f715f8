package lister_test

import (
	"fmt"
	"math"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

func bytes(n int64) *int64 { return &n }

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

	DescribeTable("by age", func(ctx SpecContext, created int64, minAge time.Duration, through bool) {
		found := list(ctx, images{tagged('1', created, 1, "a:1")}, lister.Filter{MinAge: minAge})
		Expect(found).To(HaveLen(map[bool]int{true: 1, false: 0}[through]))
	},
		Entry("no limit", ago(0), time.Duration(0), true),
		Entry("older", ago(21*day), 20*day, true),
		Entry("younger", ago(19*day), 20*day, false),
		Entry("a second too young", ago(20*day-time.Second), 20*day, false),
		Entry("500 nanoseconds past it, by a clock that counts them", ago(20*day), 20*day, true),
		Entry("without a creation time", int64(0), time.Duration(1), false),
		Entry("of the year 1", int64(-62135596800), time.Duration(1), false),
		Entry("without a creation time and without a limit", int64(0), time.Duration(0), true),
		Entry("from the future", ago(-time.Hour), time.Duration(1), false),
		Entry("from the far future", int64(math.MaxInt64), time.Duration(1), false),
		Entry("more than any image's age", int64(1), time.Duration(math.MaxInt64), false),
	)

	It("takes an age of exactly the limit for too young", func(ctx SpecContext) {
		exactly := func() time.Time { return now().Truncate(time.Second) }
		all := images{tagged('1', ago(20*day), 1, "exact:1"), tagged('2', ago(20*day+time.Second), 1, "older:1")}
		tags, err := lister.Lister{Engine: all, Now: exactly}.Tags(ctx, lister.Filter{MinAge: 20 * day})
		Expect(err).NotTo(HaveOccurred())
		Expect(names(tagsOf(tags))).To(Equal([]string{"older 1"}))
	})

	DescribeTable("by size", func(ctx SpecContext, size int64, minSize *int64, through bool) {
		found := list(ctx, images{tagged('1', 0, size, "a:1")}, lister.Filter{MinSize: minSize})
		Expect(found).To(HaveLen(map[bool]int{true: 1, false: 0}[through]))
	},
		Entry("no limit", int64(0), nil, true),
		Entry("exactly the size", int64(100), bytes(100), false),
		Entry("a byte more", int64(101), bytes(100), true),
		Entry("nothing is not bigger than nothing", int64(0), bytes(0), false),
		Entry("a byte is bigger than nothing", int64(1), bytes(0), true),
		Entry("an unknown size is not bigger than nothing", int64(-1), bytes(0), false),
		Entry("the biggest of all", int64(math.MaxInt64), bytes(math.MaxInt64-1), true),
		Entry("nothing is bigger than the biggest", int64(math.MaxInt64), bytes(math.MaxInt64), false),
	)

	It("keeps the newest of each repository, among those that the other limits let through", func(ctx SpecContext) {
		all := images{
			tagged('1', 500, 10, "a:5", "b:5"), tagged('2', 400, 99, "a:4"), tagged('3', 300, 99, "a:3"),
			tagged('4', 200, 99, "a:2", "b:2"), tagged('5', 100, 99),
		}
		Expect(names(list(ctx, all, lister.Filter{MaxTags: 2}))).To(Equal([]string{"a 5", "b 5", "a 4", "b 2", "<none> <none>"}))
		Expect(names(list(ctx, all, lister.Filter{MaxTags: 2, MinSize: bytes(10)}))).To(Equal(
			[]string{"a 4", "a 3", "b 2", "<none> <none>"}))
	})

	It("counts each tag of an image against the repository's limit", func(ctx SpecContext) {
		all := images{tagged('1', 500, 1, "a:1", "a:2", "a:3", "b:1")}
		Expect(names(list(ctx, all, lister.Filter{MaxTags: 2}))).To(Equal([]string{"a 1", "a 2", "b 1"}))
	})

	It("is what it is of few rows where there are so many that they are let go on the way", func(ctx SpecContext) {
		const n, repositories = 10_000, 500
		all, newest := many(n), map[string]lister.Image{}
		for i := range all {
			im := &all[i]
			im.RepoTags = []string{fmt.Sprintf("r%d:%d", i%repositories, i)}
			im.RepoDigests = []string{fmt.Sprintf("r%d@%s", i%repositories, all[n-1-i].ID), fmt.Sprintf("r%d@%s", i%repositories, im.ID)}
			im.Created, im.Containers, im.SharedSize = int64(1+i*7919%n), int64(i), int64(i)
			if name := fmt.Sprintf("r%d", i%repositories); newest[name].Created < im.Created {
				newest[name] = *im
			}
		}
		l := lister.Lister{Engine: all, Now: now, Fields: lister.Digests | lister.Containers}
		var few images
		for _, im := range newest {
			few = append(few, im)
		}
		tags, err := l.Tags(ctx, lister.Filter{MaxTags: 1})
		Expect(err).NotTo(HaveOccurred())
		l.Engine = few
		expected, err := l.Tags(ctx, lister.Filter{})
		Expect(err).NotTo(HaveOccurred())
		Expect(tagsOf(tags)).To(Equal(tagsOf(expected)))
		Expect(tags).To(HaveLen(repositories))
	})

	It("counts an image that the engine names twice once", func(ctx SpecContext) {
		all := images{tagged('1', 500, 1, "a:2"), tagged('1', 500, 1, "a:2"), tagged('2', 400, 1, "a:1")}
		Expect(names(list(ctx, all, lister.Filter{MaxTags: 2}))).To(Equal([]string{"a 2", "a 1"}))
	})
})
