package lister

import (
	"slices"
	"strings"
	"time"
)

// A Filter chooses the tags to list. The zero Filter lists all.
type Filter struct {
	// Prefixes are plain texts, case-sensitive: the repository starts with at least one of them.
	// Empty: no limit.
	Prefixes []string
	// Patterns choose by repository and tag: at least one of them matches. Empty: no limit.
	Patterns []Pattern
	// Excludes leave out the rows that one of them matches.
	Excludes []Pattern
	// Labels are those that an image has, all of them: KEY, or KEY=VALUE.
	Labels []string
	// Unused leaves only images that no container uses, running or stopped, and no name that the engine
	// reports a container to be made from.
	Unused bool
	// CreatedBefore and CreatedAfter are the times between which an image was created, both excluded. Zero:
	// no limit. An undated image passes neither limit.
	CreatedBefore, CreatedAfter time.Time
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

// wanted returns the names and prefixes that an engine can be asked for in place of all: those of the patterns,
// or where one of these may match any repository, the filter's own prefixes.
func (f Filter) wanted() (names, prefixes []string) {
	for _, p := range f.Patterns {
		name, prefix := p.fixed(f.Keep > 0) // which ranks all tags of a repository
		switch {
		case name != "":
			names = append(names, name)
		case prefix != "":
			prefixes = append(prefixes, prefix)
		default:
			return nil, f.Prefixes
		}
	}
	if len(f.Patterns) == 0 {
		return nil, f.Prefixes
	}
	return names, prefixes
}

func startsWith(repository string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(repository, p) })
}

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
func (f Filter) limits() (all limits) {
	add := func(name string, pass func(*Row) bool) { all = append(all, &limit{name: name, pass: pass}) }
	if len(f.Prefixes) > 0 {
		add("prefix", func(r *Row) bool { return startsWith(r.Repository, f.Prefixes) })
	}
	if len(f.Patterns) > 0 {
		add("pattern", func(r *Row) bool { return matchesAny(f.Patterns, r) })
	}
	if len(f.Excludes) > 0 {
		add("exclude", func(r *Row) bool { return !matchesAny(f.Excludes, r) })
	}
	if len(f.Labels) > 0 {
		add("label", func(r *Row) bool { return hasLabels(r, f.Labels) })
	}
	if f.Unused {
		add("unused", func(r *Row) bool { return r.Containers == 0 })
	}
	// In whole seconds, since the time.Time of a Created that is far off would wrap around.
	if end := f.CreatedBefore; !end.IsZero() {
		second := end.Unix()
		if end.Nanosecond() > 0 { // an image of this second was created at its start
			second++
		}
		add("minAge", func(r *Row) bool { return r.Created > 0 && r.Created < second })
	}
	if start := f.CreatedAfter; !start.IsZero() {
		add("maxAge", func(r *Row) bool { return r.Created > max(0, start.Unix()) })
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
