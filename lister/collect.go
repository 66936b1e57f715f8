package lister

import (
	"slices"
	"strings"
)

// A collector makes rows of images and keeps those that may be listed, no more: a listing needs
// as much memory as its rows, not as the engine's answer.
type collector struct {
	limits []limit
	most   int   // rows of each repository; 0: all
	passed []int // rows that reached each limit; last, that passed them all

	rows   []Tag             // the image's, reused
	names  map[string]string // repositories, to hold each once
	all    []Tag             // where most is 0
	byRepo map[string][]Tag  // where it is not
}

func newCollector(limits []limit, most int) *collector {
	return &collector{
		limits: limits, most: most, passed: make([]int, len(limits)+1),
		names: map[string]string{}, byRepo: map[string][]Tag{},
	}
}

// add explodes image and keeps those of its rows that pass all limits.
func (c *collector) add(image Image) {
	c.rows = explode(c.rows[:0], image)
	for i, limit := range c.limits {
		c.passed[i] += len(c.rows)
		c.rows = slices.DeleteFunc(c.rows, func(t Tag) bool { return !limit.pass(t) })
	}
	c.passed[len(c.limits)] += len(c.rows)
	for _, row := range c.rows {
		row.Repository = c.name(row.Repository)
		row.Tag = strings.Clone(row.Tag) // which was a part of the whole name
		c.keep(row)
	}
}

func (c *collector) keep(row Tag) {
	if c.most == 0 {
		c.all = append(c.all, row)
		return
	}
	rows := append(c.byRepo[row.Repository], row)
	if len(rows)/2 > c.most { // seldom enough for the sorting not to matter
		rows = newest(rows, c.most)
	}
	c.byRepo[row.Repository] = rows
}

// name is repository, as it was first met.
func (c *collector) name(repository string) string {
	name, met := c.names[repository]
	if !met {
		name = strings.Clone(repository)
		c.names[name] = name
	}
	return name
}

// tags are the rows that were kept, in order.
func (c *collector) tags() []Tag {
	for _, rows := range c.byRepo {
		c.all = append(c.all, newest(rows, c.most)...)
	}
	return ordered(c.all)
}

// newest are the first most of rows in their order.
func newest(rows []Tag, most int) []Tag {
	rows = ordered(rows)
	return rows[:min(most, len(rows))]
}

// ordered sorts rows, each of them once: an engine may name an image twice.
func ordered(rows []Tag) []Tag {
	slices.SortFunc(rows, compare)
	return slices.Compact(rows)
}
