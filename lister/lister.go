// Package lister lists the images of a Docker engine, one row per tag, in an order and a form that
// do not change with the engine, the terminal or the day.
//
// A [Lister] asks an [Engine] once, turns its images into rows ([Tag]), and filters and orders them.
// [Sum] and [Repositories] total the rows, [Sort] reorders them, and a [Table] prints them. The
// package lister/engine has the Engine that speaks to a real one, lister/format other forms than
// the table.
package lister

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// A Lister lists the images of one engine.
type Lister struct {
	Engine Engine
	Now    func() time.Time // nil: time.Now
	Log    *slog.Logger     // how many rows each step leaves, at DEBUG; nil: no log
	Fields Fields           // what rows hold beyond names, IDs, times and sizes

	// NamesOnly leaves everything but repositories and creation times out of the rows, which then
	// take less memory.
	NamesOnly bool
}

// Fields are parts of an [Image] that take memory or work, and that rows hold only on request.
type Fields uint

// The Fields.
const (
	Digests    Fields = 1 << iota // the digests of tags, which take more memory than all the rest
	Containers                    // how many containers use an image
	SharedSize                    // what images share, for which the engine compares them all
)

// Has reports whether all of some are among the fields.
func (f Fields) Has(some Fields) bool { return f&some == some }

// Tags returns the rows that filter lets through, newest first, then by repository, tag and ID. On
// an error of the engine there are none.
func (l Lister) Tags(ctx context.Context, filter Filter) ([]*Tag, error) {
	c := newCollector(l, filter)
	images := 0
	for image, err := range l.Engine.Images(ctx, l.want(filter)) {
		if err != nil {
			return nil, fmt.Errorf("listing images: %w", err)
		}
		images++
		c.add(&image)
	}
	log := l.log()
	if filter.Unused && c.unreported > 0 {
		if c.reported == 0 {
			return nil, fmt.Errorf("listing images: %w", ErrUnused)
		}
		log.WarnContext(ctx, "left out images whose containers the engine does not report", "images", c.unreported)
	}
	log.DebugContext(ctx, "engine answered", "images", images, "rows", c.rows)
	return c.finish(ctx, log), nil
}

// want returns what filter needs of images. To know whether an image is kept takes all of its names.
// An engine with the containerd store reports one digest of an image, whatever its names: which one
// depends on the names that it is asked for.
func (l Lister) want(filter Filter) Want {
	want := Want{Prefixes: filter.Prefixes, SharedSize: l.Fields.Has(SharedSize)}
	if l.Fields.Has(Digests) || filter.needsAllNames() {
		want.Prefixes = nil
	}
	return want
}

func (l Lister) now() time.Time {
	if l.Now == nil {
		return time.Now()
	}
	return l.Now()
}

func (l Lister) log() *slog.Logger {
	if l.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l.Log
}
