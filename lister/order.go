package lister

import (
	"cmp"
	"slices"

	"github.com/fvbommel/sortorder"
)

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

// Sort sorts tags by key. It is a total order, so the result depends on nothing but the rows.
func Sort(tags []*Tag, by Key) {
	slices.SortFunc(tags, func(a, b *Tag) int { return cmp.Or(by.compare(a, b), compareTags(a, b)) })
}

func (k Key) compare(a, b *Tag) int {
	switch k {
	case BySize:
		return cmp.Compare(b.Size, a.Size)
	case ByUnique:
		return cmp.Compare(b.UniqueSize(), a.UniqueSize())
	case ByRepository:
		return naturalCompare(a.Repository, b.Repository)
	case ByTag:
		return naturalCompare(a.Tag, b.Tag)
	}
	return 0
}

func naturalCompare(a, b string) int {
	if a == b {
		return 0
	}
	return sortorder.NaturalCompare(a, b)
}

// inOrder returns tags in the order of [Lister.Tags], equal ones once: an engine may list an image twice.
func inOrder(tags []*Tag) []*Tag {
	slices.SortFunc(tags, compareTags)
	return slices.CompactFunc(tags, func(a, b *Tag) bool { return compareTags(a, b) == 0 })
}

// compareTags is the order of [Lister.Tags]. It is 0 for equal rows only.
func compareTags(a, b *Tag) int {
	if c := cmp.Compare(b.Created, a.Created); c != 0 { // mostly: an early return saves the rest
		return c
	}
	return cmp.Or(
		cmp.Compare(a.Repository, b.Repository),
		cmp.Compare(a.Tag, b.Tag),
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Context, b.Context),
		cmp.Compare(b.Size, a.Size),
		slices.Compare(a.Digests, b.Digests),
		cmp.Compare(b.Containers, a.Containers),
		cmp.Compare(b.SharedSize, a.SharedSize),
	)
}
