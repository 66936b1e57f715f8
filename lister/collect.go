package lister

import (
	"slices"
	"strings"
	"time"
)

// A collector makes rows of images and holds those that may be listed, no more: a listing needs
// as much memory as its rows, not as the engine's answer.
type collector struct {
	limits []limit
	passed []int // rows that reached each limit; last, that passed them all

	exploder
	names  map[string]string // repositories, to hold each once
	listed newest            // what passed the limits
	keep   *keeper           // nil: nothing is kept
	left   int               // rows that passed all limits and are not kept, once all images are in
}

func newCollector(f Filter, now time.Time, digests bool) *collector {
	c := &collector{limits: f.limits(now), exploder: exploder{asked: digests}, names: map[string]string{}}
	c.passed = make([]int, len(c.limits)+1)
	c.listed = newest{most: f.MaxTags, byRepo: map[string][]Tag{}}
	if f.Keep > 0 {
		c.keep = newKeeper(f)
		c.listed.most = 0 // what is kept is left out first
	}
	return c
}

// add explodes image and holds those of its rows that pass all limits.
func (c *collector) add(image Image) {
	rows := c.explode(image)
	if c.keep != nil {
		for _, row := range rows {
			c.keep.add(c.own(row))
		}
	}
	for i, limit := range c.limits {
		c.passed[i] += len(rows)
		rows = slices.DeleteFunc(rows, func(t Tag) bool { return !limit.pass(t) })
	}
	c.passed[len(c.limits)] += len(rows)
	for _, row := range rows {
		c.listed.add(c.own(row))
	}
}

// own is row with texts of its own, which were parts of longer ones. Repositories are shared.
func (c *collector) own(row Tag) Tag {
	name, met := c.names[row.Repository]
	if !met {
		name = strings.Clone(row.Repository)
		c.names[name] = name
	}
	row.Repository, row.Tag = name, strings.Clone(row.Tag)
	return row
}

// tags are the rows to list, in order.
func (c *collector) tags(maxTags int) []Tag {
	tags := c.listed.tags()
	if c.keep == nil {
		c.left = c.passed[len(c.limits)]
		return tags
	}
	tags = c.keep.rest(tags)
	c.left = len(tags)
	rest := newest{most: maxTags, byRepo: map[string][]Tag{}}
	for _, t := range tags {
		rest.add(t)
	}
	return rest.tags()
}

// newest holds rows: all, or at least the newest of each repository.
type newest struct {
	most   int              // rows of each repository; 0 or less: all
	all    []Tag            // where most is 0 or less
	byRepo map[string][]Tag // where it is not
}

func (n *newest) add(row Tag) {
	if n.most <= 0 {
		n.all = append(n.all, row)
		return
	}
	rows := append(n.byRepo[row.Repository], row)
	if len(rows)/2 > n.most { // seldom enough for the sorting not to matter
		rows = n.cut(rows)
	}
	n.byRepo[row.Repository] = rows
}

// tags are the rows, in order.
func (n *newest) tags() []Tag {
	for _, rows := range n.byRepo {
		n.all = append(n.all, n.cut(rows)...)
	}
	return ordered(n.all)
}

func (n *newest) cut(rows []Tag) []Tag {
	rows = ordered(rows)
	return rows[:min(n.most, len(rows))]
}

// ordered sorts rows, each of them once: an engine may name an image twice.
func ordered(rows []Tag) []Tag {
	slices.SortFunc(rows, compare)
	return slices.CompactFunc(rows, func(a, b Tag) bool { return compare(a, b) == 0 })
}
