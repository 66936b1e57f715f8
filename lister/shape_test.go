package lister_test

import (
	"context"
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

	It("allocates about as often as there are tags", func() {
		of := l()
		allocations := testing.AllocsPerRun(3, func() { _, _ = of.Tags(context.Background(), lister.Filter{}) })
		Expect(allocations / n).To(BeNumerically("<", 1.5))
	})

	It("allocates next to nothing for rows that cannot be printed", func() {
		of := l()
		allocations := testing.AllocsPerRun(3, func() { _, _ = of.Tags(context.Background(), lister.Filter{Prefixes: []string{"nothing"}}) })
		Expect(allocations / n).To(BeNumerically("<", 0.01))
	})

	It("prints a row with few allocations, and keeps none of them", func(ctx SpecContext) {
		tags := listing(ctx, many(n), lister.Filter{})
		allocations := testing.AllocsPerRun(3, func() { _ = lister.Table{Now: now()}.WriteTags(io.Discard, tags) })
		Expect(allocations / n).To(BeNumerically("<", 8))
	})

	It("retains little more than the rows", func(ctx SpecContext) {
		var tags *lister.List
		Expect(retained(func() { tags = listing(ctx, streamed(n), lister.Filter{}) }) / n).To(BeNumerically("<", 300))
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
	runtime.GC()
	runtime.ReadMemStats(&before)
	work()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return float64(after.HeapAlloc) - float64(before.HeapAlloc)
}
