package main

import (
	"context"
	"iter"
	"runtime"
	"runtime/debug"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A frugal engine has garbage collected sooner while it yields so many images that it matters: rows have
// no pointers to follow, so it costs little. Where there are few, it would cost more than all the rest.
type frugal struct{ lister.Engine }

func (e frugal) Images(ctx context.Context, want lister.Want) iter.Seq2[lister.Image, error] {
	const many = 10_000
	return func(yield func(lister.Image, error) bool) {
		n := 0
		for image, err := range e.Engine.Images(ctx, want) {
			if n++; n%many == 0 {
				debug.SetGCPercent(garbagePercent())
			}
			if !yield(image, err) {
				return
			}
		}
	}
}

// garbagePercent is the GOGC that leaves as much garbage, whatever is held, as a collection is worth.
func garbagePercent() int {
	const worth, least, most = 3 << 20, 20, 100
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	return int(min(max(100*worth/memory.HeapAlloc, least), most))
}
