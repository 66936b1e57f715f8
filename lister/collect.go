package lister

import (
	"context"
	"log/slog"
	"slices"
	"strings"
)

// A collector turns images into rows, and holds those that may be listed.
type collector struct {
	Lister
	filter Filter
	limits []limit

	exploder     *exploder
	tags         []*Tag
	repositories map[string]string // each name once, for the tags that share it
	rows         int               // of all images
	passed       []int             // rows that reached each limit, then those that passed all
	reported     int               // images whose containers the engine reports
	unreported   int               // images whose containers it does not
}

func newCollector(l Lister, filter Filter) *collector {
	limits := filter.limits(l.now())
	return &collector{
		Lister: l, filter: filter, limits: limits, passed: make([]int, len(limits)+1),
		exploder: newExploder(l.Fields.Has(Digests)), repositories: map[string]string{},
	}
}

// add holds the rows of an image that pass all limits, or all of its rows where --keep ranks them.
func (c *collector) add(im *Image) {
	if im.Containers < 0 {
		c.unreported++
	} else {
		c.reported++
	}
	id := escapeCell(im.ID)
	for _, e := range c.exploder.explode(im) {
		c.rows++
		tag := &Tag{
			Repository: e.repository, Tag: e.tag, ID: id, Created: max(im.Created, 0), Size: im.Size,
			Containers: im.Containers, SharedSize: im.SharedSize, Digests: e.digests,
		}
		if c.filter.ranks() || c.passes(tag) {
			c.release(tag)
			c.strip(tag)
			c.tags = append(c.tags, tag)
		}
	}
}

// release makes a row hold its own names, and not those of the engine's answer, which are longer.
func (c *collector) release(tag *Tag) {
	repository, known := c.repositories[tag.Repository]
	if !known {
		repository = strings.Clone(tag.Repository)
		c.repositories[repository] = repository
	}
	tag.Repository, tag.Tag = repository, strings.Clone(tag.Tag)
}

// strip takes the fields that nobody asked for off a row. With --keep, the other limits apply after
// this, so a filter by Containers is a request as well.
func (c *collector) strip(tag *Tag) {
	if c.NamesOnly {
		*tag = Tag{Repository: tag.Repository, Created: tag.Created, Size: -1, Containers: -1, SharedSize: -1}
	}
	if !c.Fields.Has(Containers) && !c.filter.Unused {
		tag.Containers = -1
	}
	if !c.Fields.Has(SharedSize) {
		tag.SharedSize = -1
	}
}

// passes reports whether a row passes all limits, and counts how far it comes.
func (c *collector) passes(tag *Tag) bool {
	for i, limit := range c.limits {
		c.passed[i]++
		if !limit.pass(tag) {
			return false
		}
	}
	c.passed[len(c.limits)]++
	return true
}

// finish returns the rows to list, in order.
func (c *collector) finish(ctx context.Context, log *slog.Logger) []*Tag {
	tags := inOrder(c.tags)
	if c.filter.ranks() {
		kept := c.filter.kept(tags)
		tags = slices.DeleteFunc(tags, func(t *Tag) bool { return !c.passes(t) || kept(t) })
	}
	for i, limit := range c.limits {
		log.DebugContext(ctx, "filtered", "by", limit.name, "before", c.passed[i], "after", c.passed[i+1])
	}
	left := c.passed[len(c.limits)]
	if c.filter.ranks() {
		log.DebugContext(ctx, "filtered", "by", "keep", "before", left, "after", len(tags))
		left = len(tags)
	}
	if c.filter.MaxTags > 0 {
		tags = newest(tags, c.filter.MaxTags)
		log.DebugContext(ctx, "filtered", "by", "maxTags", "before", left, "after", len(tags))
	}
	return tags
}

// newest returns the first rows of each repository, at most as many as most.
func newest(tags []*Tag, most int) []*Tag {
	listed := map[string]int{}
	return slices.DeleteFunc(tags, func(t *Tag) bool {
		listed[t.Repository]++
		return listed[t.Repository] > most
	})
}
