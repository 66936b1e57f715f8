package lister

import (
	"cmp"
	"iter"
	"slices"

	"github.com/fvbommel/sortorder"
)

// A List is the rows of a listing in order, in much less memory than as Tags. A nil List is empty.
type List struct {
	*store
	order []position
}

// A Key is what a listing is sorted by.
type Key int

// The keys. Ties, and so the whole of ByCreated, are in the order of [Lister.Tags].
const (
	ByCreated    Key = iota // newest first
	BySize                  // largest first
	ByRepository            // A to Z, numbers by value: "a9" before "a10"
	ByTag                   // likewise
	ByUnique                // largest unique size first
)

// ListOf lists tags in the order of [Lister.Tags], equal ones once.
func ListOf(tags ...Tag) *List {
	l := &List{store: newStore(true)}
	for i := range tags {
		l.add(&tags[i])
	}
	l.settle()
	return l
}

// add puts a row at the end.
func (l *List) add(t *Tag) {
	number, known := l.latestImage(t)
	if !known {
		im := image{created: t.Created, size: t.Size, id: l.ids.add(t.ID), context: l.context(t.Context)}
		number = l.addImage(im, usage{t.Containers, t.SharedSize})
	}
	l.rows.add(row{tag: l.texts.add(t.Tag), image: number, repo: l.repository(t.Repository), digests: l.addList(slices.Values(t.Digests))})
}

// latestImage is the number of the image that came last, if t is of it too.
func (l *List) latestImage(t *Tag) (number uint32, ok bool) {
	if l.images.n == 0 {
		return 0, false
	}
	number = l.images.n - 1
	im := l.images.at(number)
	ok = l.usage(number) == usage{t.Containers, t.SharedSize} && im.created == t.Created && im.size == t.Size && l.contexts[im.context] == t.Context && l.ids.is(im.id, t.ID)
	return number, ok
}

// settle puts the rows that were added in order, each of them once: an engine may name an image twice.
func (l *List) settle() {
	l.order = make([]position, l.rows.n)
	for i := range l.rows.n {
		l.order[i] = position{l.images.at(l.rows.at(i).image).created, i}
	}
	slices.SortFunc(l.order, l.compare)
	l.order = slices.CompactFunc(l.order, func(p, q position) bool { return l.compare(p, q) == 0 })
}

// keepOnly leaves out the rows that are not wanted, which is asked in their order.
func (l *List) keepOnly(wanted func(r *row) bool) {
	l.order = slices.DeleteFunc(l.order, func(p position) bool { return !wanted(l.rows.at(p.row)) })
}

// leaveNewest leaves at most so many rows of each repository, the first.
func (l *List) leaveNewest(most int) {
	listed := make([]int, len(l.repos))
	l.keepOnly(func(r *row) bool {
		listed[r.repo]++
		return listed[r.repo] <= most
	})
}

// copy holds the rows and nothing else, in a store that shares the names of repositories and contexts:
// all of them are still in use.
func (l *List) copy() *List {
	c := &List{store: newStore(!l.noUsage)}
	c.repos, c.numbers, c.contexts = l.repos, l.numbers, l.contexts
	last := ^uint32(0)
	for r := range l.inOrder() {
		if im := *l.images.at(r.image); r.image != last {
			last, im.id = r.image, c.ids.take(&l.ids, im.id)
			c.addImage(im, l.usage(r.image))
		}
		moved := *r
		moved.tag, moved.image, moved.digests = c.texts.add(l.texts.get(r.tag)), c.images.n-1, c.takeList(l.store, r)
		c.rows.add(moved)
	}
	return c
}

// Len is how many rows there are.
func (l *List) Len() int {
	if l == nil {
		return 0
	}
	return len(l.order)
}

// All are the rows, in order. A Tag is the caller's until the next one; its strings are so for good.
func (l *List) All() iter.Seq[*Tag] {
	return func(yield func(*Tag) bool) {
		var t Tag
		var w hashWriter
		for r := range l.inOrder() {
			if l.tag(r, &t, &w); !yield(&t) {
				return
			}
		}
	}
}

func (l *List) inOrder() iter.Seq[*row] {
	return func(yield func(*row) bool) {
		if l == nil {
			return
		}
		for i := range l.order {
			if !yield(l.at(i)) {
				return
			}
		}
	}
}

// at is the row that comes after i others.
func (l *List) at(i int) *row { return l.rows.at(l.order[i].row) }

// eachImage are the numbers of the rows' images, each image once, in the order in which the rows first have them.
func (l *List) eachImage() iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if l.Len() == 0 {
			return
		}
		originals := l.originals()
		met := newBitSet(l.images.n)
		for r := range l.inOrder() {
			number := originals.of(r.image)
			if met.has(number) {
				continue
			}
			met.add(number)
			if !yield(number) {
				return
			}
		}
	}
}

// oddID is an ID of the rows that is no ID (see [IsID]).
func (l *List) oddID() (id string, found bool) {
	for r := range l.inOrder() {
		id := l.images.at(r.image).id
		if id&isOdd == 0 {
			continue
		}
		if text := l.ids.oddText(id); !IsID(text) {
			return text, true
		}
	}
	return "", false
}

// Sort sorts the rows by key. It is a total order, so the result depends on nothing but the rows.
func (l *List) Sort(by Key) {
	slices.SortFunc(l.order, func(p, q position) int {
		a, b := l.rows.at(p.row), l.rows.at(q.row)
		switch by {
		case BySize:
			return cmp.Or(cmp.Compare(l.images.at(b.image).size, l.images.at(a.image).size), l.compare(p, q))
		case ByUnique:
			return cmp.Or(cmp.Compare(l.uniqueSize(b.image), l.uniqueSize(a.image)), l.compare(p, q))
		case ByRepository:
			if a.repo != b.repo {
				return cmp.Or(sortorder.NaturalCompare(l.repos[a.repo], l.repos[b.repo]), l.compare(p, q))
			}
		case ByTag:
			return cmp.Or(sortorder.NaturalCompare(l.texts.get(a.tag), l.texts.get(b.tag)), l.compare(p, q))
		}
		return l.compare(p, q)
	})
}
