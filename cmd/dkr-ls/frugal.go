package main

import (
	"context"
	"iter"
	"runtime/debug"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A frugal engine has garbage collected sooner once it yields so many images that it matters: rows
// have no pointers to follow, so it costs little. Where there are few, it would cost more than all
// the rest.
type frugal struct{ lister.Engine }

func (e frugal) Images(ctx context.Context, want lister.Want) iter.Seq2[lister.Image, error] {
	const many, percent = 10_000, 20
	return func(yield func(lister.Image, error) bool) {
		n := 0
		for image, err := range e.Engine.Images(ctx, want) {
			if n++; n == many {
				debug.SetGCPercent(percent)
			}
			if !yield(image, err) {
				return
			}
		}
	}
}
