package lister

import (
	"cmp"
	"slices"

	"github.com/fvbommel/sortorder"
)

// A Key is what a listing is sorted by.
type Key int

// The keys.
const (
	ByCreated    Key = iota // newest first
	BySize                  // largest first
	ByRepository            // A to Z, numbers by value: "a9" before "a10"
	ByTag                   // likewise
	ByUnique                // largest unique size first
)

// Sort sorts rows by key. Ties stay in the order that they are in.
func Sort(rows []*Row, by Key) {
	slices.SortStableFunc(rows, func(a, b *Row) int {
		switch by {
		case BySize:
			return cmp.Compare(b.Size, a.Size)
		case ByUnique:
			return cmp.Compare(b.UniqueSize(), a.UniqueSize())
		case ByRepository:
			return naturalCompare(a.Repository, b.Repository)
		case ByTag:
			return naturalCompare(a.Tag, b.Tag)
		}
		return cmp.Compare(b.Created, a.Created)
	})
}

func naturalCompare(a, b string) int {
	if a == b {
		return 0
	}
	return sortorder.NaturalCompare(a, b)
}

// inOrder returns rows in the order of [Lister.Tags]. Where an engine lists an image twice, the row with more
// containers stays, or else the bigger one.
func inOrder(rows []*Row) []*Row {
	slices.SortFunc(rows, compare)
	return slices.CompactFunc(rows, func(a, b *Row) bool {
		return a.Created == b.Created && a.name() == b.name() && a.ID == b.ID && a.Context == b.Context
	})
}

// compare is the order of [Lister.Tags]. It is 0 for equal rows only.
func compare(a, b *Row) int {
	if c := cmp.Compare(b.Created, a.Created); c != 0 { // mostly: an early return saves the rest
		return c
	}
	return cmp.Or(
		cmp.Compare(a.Repository, b.Repository),
		cmp.Compare(a.Tag, b.Tag),
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Context, b.Context),
		cmp.Compare(b.Containers, a.Containers),
		cmp.Compare(b.Size, a.Size),
		slices.Compare(a.Digests, b.Digests),
		cmp.Compare(b.SharedSize, a.SharedSize),
	)
}
