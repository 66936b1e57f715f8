package lister

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// A Filter chooses the tags to list. The zero Filter lists all.
type Filter struct {
	// Prefixes are plain texts, case-sensitive: the repository starts with at least one of them.
	// Empty: no limit.
	Prefixes []string
	// Excludes are plain texts like Prefixes: the repository starts with none of them.
	Excludes []string
	// Unused leaves only images that no container uses, running or stopped. An image whose containers
	// the engine does not report is left out; if it reports none at all, the listing fails with [ErrUnused].
	Unused bool
	// MinAge is the age that an image exceeds. 0: no limit. An undated image has no age, so it never
	// passes a limit.
	MinAge time.Duration
	// MinSize is the size, in bytes, that an image exceeds. Nil: no limit.
	MinSize *int64
	// MaxTags is how many tags of each repository to list at most: the newest of those that pass
	// the other limits. 0 or less: no limit.
	MaxTags int
	// Keep is how many tags of each repository to leave out: the newest of all its tags, whatever
	// the other limits, and those that are as old as the last of them. A tag that the engine lists at
	// two images is one tag. Tags of undated images are left out too, rows without a tag never. What
	// is left may be deleted. 0 or less leaves out nothing.
	Keep int
	// KeepImages leaves out all tags of an image if Keep or Excludes leave out one of them: deleting
	// the image would delete the tag to keep.
	KeepImages bool
}

// ranks reports whether a row can be judged only together with others.
func (f Filter) ranks() bool { return f.Keep > 0 || f.needsAllNames() }

// needsAllNames reports whether an image can be judged only by all of its names.
func (f Filter) needsAllNames() bool { return f.KeepImages && (f.Keep > 0 || len(f.Excludes) > 0) }

func startsWith(repository string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(repository, p) })
}

// ErrUnused is what a listing of unused images fails with where the engine does not report containers.
var ErrUnused = errors.New("the engine does not report which images are in use; try: Docker 28.3 or later, which speaks API 1.51, without a lower DOCKER_API_VERSION")

// A limit is one condition of a Filter that is set.
type limit struct {
	name          string
	pass          func(*Row) bool
	before, after int // rows that reached it, and passed it
}

type limits []*limit

// apply returns the rows that pass all limits, one limit after the other.
func (all limits) apply(rows []*Row) []*Row {
	for _, l := range all {
		l.before += len(rows)
		rows = slices.DeleteFunc(rows, func(r *Row) bool { return !l.pass(r) })
		l.after += len(rows)
	}
	return rows
}

// limits returns the conditions on a row by itself. Keep and MaxTags compare rows.
func (f Filter) limits(now time.Time) (all limits) {
	add := func(name string, pass func(*Row) bool) { all = append(all, &limit{name: name, pass: pass}) }
	if len(f.Prefixes) > 0 {
		add("prefix", func(r *Row) bool { return startsWith(r.Repository, f.Prefixes) })
	}
	if len(f.Excludes) > 0 {
		add("exclude", func(r *Row) bool { return !startsWith(r.Repository, f.Excludes) })
	}
	if f.Unused {
		add("unused", func(r *Row) bool { return r.Containers == 0 })
	}
	if f.MinAge > 0 {
		// Whole seconds, since the time.Time of a Created that is far off would wrap around. An
		// image of this very second is too young unless some of the second has passed.
		youngest := now.Add(-f.MinAge)
		before := youngest.Unix()
		if youngest.Nanosecond() > 0 {
			before++
		}
		add("minAge", func(r *Row) bool { return r.Created > 0 && r.Created < before })
	}
	if f.MinSize != nil {
		add("minSize", func(r *Row) bool { return r.Size > *f.MinSize })
	}
	return all
}

// firstOfEach returns a condition that the first n rows of each repository pass.
func firstOfEach(n int) func(*Row) bool {
	passed := map[string]int{}
	return func(r *Row) bool {
		passed[r.Repository]++
		return passed[r.Repository] <= n
	}
}
