// Package lister lists the images of a Docker engine, one row per tag, in an order and a form that
// do not change with the engine, the terminal or the day.
//
// A [Lister] asks an [Engine] once, turns its images into rows ([Row]), and filters and orders them.
// [Sum] and [Repositories] total the rows, [Sort] reorders them, and a [Table] prints them. The
// package lister/engine has the Engine that speaks to a real one, lister/format other forms than
// the table.
package lister

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
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

// Tags returns the rows that filter lets through, one for each tag, newest first, then by repository, tag
// and ID. On an error of the engine there are none.
func (l Lister) Tags(ctx context.Context, filter Filter) ([]*Row, error) {
	log := cmp.Or(l.Log, slog.New(slog.DiscardHandler))
	if filter.Unused {
		l.Fields |= Containers
	}
	early, late := filter.limits(l.now()), limits(nil)
	if filter.ranks() { // among all rows
		early, late = nil, early
	}

	var tags []*Row
	repositories := map[string]string{} // each name once, for the rows that share it
	images, rows, unreported := 0, 0, 0
	for image, err := range l.Engine.Images(ctx, l.want(filter)) {
		if err != nil {
			return nil, fmt.Errorf("listing images: %w", err)
		}
		all := image.rows(l.Fields)
		images++
		rows += len(all)
		if image.Containers < 0 {
			unreported++
		}
		for _, row := range early.apply(all) {
			l.shrink(row, repositories)
			tags = append(tags, row)
		}
	}
	if filter.Unused && unreported > 0 {
		if unreported == images {
			return nil, fmt.Errorf("listing images: %w", ErrUnused)
		}
		log.WarnContext(ctx, "left out images whose containers the engine does not report", "images", unreported)
	}

	tags = inOrder(tags)
	if filter.ranks() {
		late = append(late, &limit{name: "keep", pass: filter.unkept(tags)})
	}
	if filter.MaxTags > 0 {
		late = append(late, &limit{name: "maxTags", pass: firstOfEach(filter.MaxTags)})
	}
	tags = late.apply(tags)
	log.DebugContext(ctx, "engine answered", "images", images, "rows", rows)
	for _, limit := range slices.Concat(early, late) {
		log.DebugContext(ctx, "filtered", "by", limit.name, "before", limit.before, "after", limit.after)
	}
	return tags, nil
}

// shrink makes a row hold its own names, and not those of the engine's answer, which are longer.
func (l Lister) shrink(row *Row, repositories map[string]string) {
	repository, known := repositories[row.Repository]
	if !known {
		repository = strings.Clone(row.Repository)
		repositories[repository] = repository
	}
	row.Repository, row.Tag = repository, strings.Clone(row.Tag)
	if l.NamesOnly {
		*row = Row{Repository: repository, Created: row.Created, Size: -1, Containers: -1, SharedSize: -1}
	}
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
