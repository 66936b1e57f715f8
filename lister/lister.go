// Package lister lists the images of a Docker engine, one row a tag, in an order and a form that
// do not change with the engine, the terminal or the day.
//
// A [Lister] asks an [Engine] once, turns its images into rows, and filters and orders them;
// [List.Sum] and [List.Repositories] tell what they come to, and a [Table] prints them. The package
// lister/engine has the Engine that speaks to a real one, lister/format other forms than the table.
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
	Log    *slog.Logger     // told at DEBUG how many rows each step leaves; nil: nothing

	// Digests asks for the digests of tags, which take more memory than all the rest of them.
	Digests bool
	// Usage asks how many containers use an image.
	Usage bool
	// SharedSize asks what images share, for which engines have to compare them all.
	SharedSize bool
}

// Tags are the rows that filter lets through, newest first, then by repository, tag and ID. On
// an error, which the engine's sequence ended with, the List is nil.
func (l Lister) Tags(ctx context.Context, filter Filter) (*List, error) {
	log, rows := l.log(), newCollector(filter, l.now(), l)
	images, im := 0, Image{}
	for image, err := range l.Engine.Images(ctx, l.want(filter)) {
		if err != nil {
			return nil, fmt.Errorf("listing images: %w", err)
		}
		images++
		im = image // one for all: the rows' limits are given its address
		rows.add(&im)
	}
	if filter.Unused && rows.untold > 0 {
		if rows.told == 0 {
			return nil, fmt.Errorf("listing images: %w", ErrUnused)
		}
		log.WarnContext(ctx, "left out images of which the engine does not tell whether containers use them", "images", rows.untold)
	}
	tags := rows.tags()
	log.DebugContext(ctx, "engine answered", "images", images, "rows", rows.passed[0])
	for i, limit := range rows.limits {
		log.DebugContext(ctx, "filtered", "by", limit.name, "before", rows.passed[i], "after", rows.passed[i+1])
	}
	if filter.Keep > 0 || filter.needsAllNames() {
		log.DebugContext(ctx, "filtered", "by", "keep", "before", rows.passed[len(rows.limits)], "after", rows.left)
	}
	if filter.MaxTags > 0 {
		log.DebugContext(ctx, "filtered", "by", "maxTags", "before", rows.left, "after", tags.Len())
	}
	return tags, nil
}

// want is what filter needs of images. To know whether an image is kept takes all of its names. An
// engine with the containerd store tells one digest of an image, whatever its names: which one, depends
// on the names that it is asked for.
func (l Lister) want(filter Filter) Want {
	want := Want{Prefixes: filter.Prefixes, SharedSize: l.SharedSize}
	if l.Digests || filter.needsAllNames() {
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
