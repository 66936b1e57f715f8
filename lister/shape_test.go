package lister_test

import (
	"context"
	"fmt"
	"io"
	"iter"
	"runtime"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

// These specs guard the shape of the cost, which no clock needs to measure: work and memory grow
// with the rows and not with the answer.
var _ = Describe("a listing of ten thousand images", Serial, func() {
	const n = 10_000
	l := func() lister.Lister { return lister.Lister{Engine: many(n), Now: now} }

	// Limits that what is measured here would have to double to reach.
	DescribeTable("allocates little for each image", func(ctx SpecContext, work func(l lister.Lister, tags *lister.List), times, bytes float64) {
		of := l()
		tags, err := of.Tags(ctx, lister.Filter{})
		Expect(err).NotTo(HaveOccurred())
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		work(of, tags)
		runtime.ReadMemStats(&after)
		Expect(float64(after.Mallocs-before.Mallocs)/n).To(BeNumerically("<", times), "allocations")
		Expect(float64(after.TotalAlloc-before.TotalAlloc)/n).To(BeNumerically("<", bytes), "bytes")
	},
		Entry("listing", func(l lister.Lister, _ *lister.List) { _, _ = l.Tags(context.Background(), lister.Filter{}) }, 0.2, 450.0),
		Entry("keeping", func(l lister.Lister, _ *lister.List) {
			_, _ = l.Tags(context.Background(), lister.Filter{Keep: 5, KeepImages: true})
		}, 0.2, 470.0),
		Entry("printing the table", func(_ lister.Lister, tags *lister.List) { _ = lister.Table{Now: now()}.WriteTags(io.Discard, tags) }, 0.04, 75.0),
		Entry("printing IDs", func(_ lister.Lister, tags *lister.List) { _ = lister.Table{}.WriteIDs(io.Discard, tags) }, 0.01, 20.0),
		Entry("summing", func(_ lister.Lister, tags *lister.List) { _, _ = tags.Sum() }, 0.01, 70.0),
		Entry("finding repositories", func(_ lister.Lister, tags *lister.List) { _, _ = tags.Repositories() }, 0.01, 70.0),
	)

	It("allocates next to nothing for rows that cannot be printed", func() {
		of := l()
		allocations := testing.AllocsPerRun(3, func() { _, _ = of.Tags(context.Background(), lister.Filter{Prefixes: []string{"nothing"}}) })
		Expect(allocations / n).To(BeNumerically("<", 0.01))
	})

	It("makes the texts of many rows at once", func(ctx SpecContext) {
		tags := listing(ctx, many(n), lister.Filter{})
		allocations := testing.AllocsPerRun(3, func() {
			for range tags.All() {
			}
		})
		Expect(allocations / n).To(BeNumerically("<", 0.1))
	})

	It("goes seldom over the rows that it holds to find the newest", func() {
		each := make(images, 6000) // a repository for each: all of them are held
		for i := range each {
			each[i] = tagged('1', 1, 1, fmt.Sprintf("app-%d:1", i))
		}
		for _, of := range []lister.Lister{l(), {Engine: each, Now: now}} {
			allocations := testing.AllocsPerRun(1, func() { _, _ = of.Tags(context.Background(), lister.Filter{MaxTags: 1}) })
			Expect(allocations / n).To(BeNumerically("<", 10))
		}
	})

	It("takes little memory for a few rows", func() {
		var tags *lister.List
		Expect(retained(func() { tags = lister.ListOf(lister.Tag{Tag: "a", ID: id('1')}, lister.Tag{Tag: "b", ID: id('2')}) })).To(BeNumerically("<", 100_000))
		runtime.KeepAlive(tags)
	})

	It("retains little more than the rows", func(ctx SpecContext) {
		var tags *lister.List
		Expect(retained(func() { tags = listing(ctx, streamed(n), lister.Filter{}) }) / n).To(BeNumerically("<", 250))
		runtime.KeepAlive(tags)
	})

	It("retains the newest of each repository alone, where only they can be printed", func(ctx SpecContext) {
		var tags *lister.List
		Expect(retained(func() { tags = listing(ctx, streamed(n), lister.Filter{MaxTags: 1}) }) / n).To(BeNumerically("<", 100))
		runtime.KeepAlive(tags)
	})
})

// streamed are many images that exist one at a time, as those off the wire.
type streamed int

func (n streamed) Images(context.Context, lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		for _, image := range many(int(n)) {
			if !yield(image, nil) {
				return
			}
		}
	}
}

// retained is how many bytes more are in use after work than before it.
func retained(work func()) float64 {
	var before, after runtime.MemStats
	runtime.GC() // twice: pools hold what they have through one
	runtime.GC()
	runtime.ReadMemStats(&before)
	work()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return float64(after.HeapAlloc) - float64(before.HeapAlloc)
}
