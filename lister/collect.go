package lister

import "time"

// A collector makes rows of images and holds those that may be listed, no more: a listing needs
// as much memory as its rows, not as the engine's answer.
type collector struct {
	Filter
	exploder
	limits []limit
	passed []int // rows that reached each limit; last, that passed them all
	left   int   // of those, rows that are not kept
	list   *List
	enough uint32 // rows of list that make it worth pruning

	digests bool // are asked for
	held    held
	untold  int // images whose containers the engine does not tell
	told    int // those of which it does
}

// held are digests that several rows of an image may have.
type held struct {
	names []name
	list  uint32
}

func newCollector(f Filter, now time.Time, l Lister) *collector {
	c := &collector{Filter: f, digests: l.Digests, limits: f.limits(now), list: &List{store: newStore(l.Usage || l.SharedSize)}, enough: chunk}
	c.passed = make([]int, len(c.limits)+1)
	return c
}

// add explodes im and holds those of its rows that pass all limits. Which tags are to be kept only
// all rows tell.
func (c *collector) add(im *Image) {
	const none = 1<<32 - 1
	number, list := uint32(none), c.list
	c.explode(im)
	c.held = held{} // of the image before, in the same place
	if im.Containers < 0 {
		c.untold++
	} else {
		c.told++
	}
	for _, e := range c.entries {
		passed := c.passes(&e, im)
		kept := c.KeepImages && startsWith(e.repository, c.Excludes)
		if !passed && !kept && c.Keep <= 0 {
			continue
		}
		if number == none {
			number = list.addImage(image{
				created: max(im.Created, 0), size: im.Size, id: list.ids.add(escapeCell(im.ID)), context: list.context(""),
			}, usage{im.Containers, im.SharedSize})
		}
		list.rows.add(row{
			tag: list.texts.add(e.tag), image: number, repo: list.repository(e.repository),
			digests: c.hold(e.digests), passed: passed, kept: kept,
		})
	}
	c.prune()
}

// passes reports whether a row passes all limits.
func (c *collector) passes(e *entry, im *Image) bool {
	for i, limit := range c.limits {
		c.passed[i]++
		if !limit.pass(e.repository, im) {
			return false
		}
	}
	c.passed[len(c.limits)]++
	return true
}

// hold holds digests, and returns what a row has of them. Rows that share them hold them once.
func (c *collector) hold(names []name) uint32 {
	if !c.digests || len(names) == 0 {
		return 0
	}
	if len(c.held.names) != len(names) || &c.held.names[0] != &names[0] {
		c.held = held{names, c.list.addList(func(yield func(string) bool) {
			for _, n := range names {
				if !yield(n.digest) {
					return
				}
			}
		})}
	}
	return c.held.list
}

// prune drops rows that are not among the newest MaxTags, seldom enough for its cost not to matter.
func (c *collector) prune() {
	if c.MaxTags <= 0 || c.Keep > 0 || c.needsAllNames() || c.list.rows.n < c.enough {
		return
	}
	c.list.settle()
	c.list.leaveNewest(c.MaxTags)
	c.list = c.list.copy()
	c.enough = 2*c.list.rows.n + chunk
}

// tags are the rows to list, in order.
func (c *collector) tags() *List {
	c.list.settle()
	c.left = c.passed[len(c.limits)]
	if c.Keep > 0 || c.needsAllNames() {
		c.list.leaveOutKept(c.Filter)
		c.left = c.list.Len()
	}
	if c.MaxTags > 0 {
		c.list.leaveNewest(c.MaxTags)
	}
	return c.list
}
