// Package lister lists the images of a Docker engine, one row per tag, in an order and a form that
// do not change with the engine, the terminal or the day.
//
// A [Lister] asks an [Engine] for its images once, turns them into rows ([Row]), and filters and orders them.
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
)

// A Lister lists the images of one engine.
type Lister struct {
	Engine Engine
	Log    *slog.Logger // how many rows each step leaves, at DEBUG; nil: no log
	Fields Fields       // what rows hold beyond names, IDs, times and sizes

	// NamesOnly leaves everything but repositories and creation times out of the rows, which then
	// take less memory.
	NamesOnly bool
}

// Fields are parts of an [Image] that take memory or work, and that rows hold only on request.
type Fields uint

// The Fields.
const (
	Digests    Fields = 1 << iota // the digests of tags, which take more memory than all the rest
	Containers                    // how many containers use an image, which some engines have to be asked for
	UsedBy                        // which containers do, for which every engine has to be asked
	SharedSize                    // what images share, for which the engine compares them all
	Labels                        // the labels of images
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
	if len(filter.Labels) > 0 {
		l.Fields |= Labels
	}
	early, late := filter.limits(), limits(nil)
	if filter.ranks() || filter.Unused { // which takes all rows, or the containers
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
	log.DebugContext(ctx, "engine answered", "images", images, "rows", rows)
	if l.Fields.Has(UsedBy) || l.Fields.Has(Containers) && unreported > 0 {
		// After the images: one that a container has come to use meanwhile is in use.
		containers, err := l.Engine.Containers(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing containers: %w", err)
		}
		addUsage(tags, containers, l.Fields.Has(UsedBy))
	}

	tags = inOrder(tags)
	if filter.ranks() {
		late = append(late, &limit{name: "keep", pass: filter.unkept(tags)})
	}
	if filter.MaxTags > 0 {
		late = append(late, &limit{name: "maxTags", pass: firstOfEach(filter.MaxTags)})
	}
	tags = late.apply(tags)
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
	want := Want{SharedSize: l.Fields.Has(SharedSize), Labels: l.Fields.Has(Labels)}
	if !l.Fields.Has(Digests) && !filter.needsAllNames() {
		want.Names, want.Prefixes = filter.wanted()
	}
	return want
}
