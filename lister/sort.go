package lister

import (
	"cmp"
	"slices"
)

// A Key is what a listing is sorted by.
type Key int

// The keys. Ties, and so the whole of ByCreated, are in the order of [Lister.Tags].
const (
	ByCreated    Key = iota // newest first
	BySize                  // largest first
	ByRepository            // A to Z
	ByTag                   // A to Z
)

// Sort sorts tags by key. It is a total order, so the result depends on nothing but the tags.
func Sort(tags []Tag, by Key) {
	slices.SortFunc(tags, func(a, b Tag) int {
		switch by {
		case BySize:
			return cmp.Or(cmp.Compare(b.Size, a.Size), compare(a, b))
		case ByRepository:
			return cmp.Or(cmp.Compare(a.Repository, b.Repository), compare(a, b))
		case ByTag:
			return cmp.Or(cmp.Compare(a.Tag, b.Tag), compare(a, b))
		}
		return compare(a, b)
	})
}

// compare orders tags newest first, then by repository, tag, ID, context and digest.
func compare(a, b Tag) int {
	if a.Created != b.Created { // nearly always, and the texts need not be looked at
		return cmp.Compare(b.Created, a.Created)
	}
	return cmp.Or(
		cmp.Compare(a.Repository, b.Repository),
		cmp.Compare(a.Tag, b.Tag),
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Context, b.Context),
		cmp.Compare(a.Digest, b.Digest),
	)
}
