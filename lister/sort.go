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
)

// Sort sorts tags by key. It is a total order, so the result depends on nothing but the tags.
func Sort(tags []Tag, by Key) {
	slices.SortFunc(tags, func(a, b Tag) int {
		switch by {
		case BySize:
			return cmp.Or(cmp.Compare(b.Size, a.Size), compare(a, b))
		case ByRepository:
			return cmp.Or(sortorder.NaturalCompare(a.Repository, b.Repository), compare(a, b))
		case ByTag:
			return cmp.Or(sortorder.NaturalCompare(a.Tag, b.Tag), compare(a, b))
		}
		return compare(a, b)
	})
}

// SortRepositories is [Sort] for repositories, which have no tag to sort by: it leaves them in the
// order that they are in, as ByCreated does.
func SortRepositories(repos []Repository, by Key) {
	slices.SortStableFunc(repos, func(a, b Repository) int {
		switch by {
		case BySize:
			return cmp.Compare(b.Size, a.Size)
		case ByRepository:
			return sortorder.NaturalCompare(a.Name, b.Name)
		}
		return 0
	})
}

// compare orders tags newest first, then by repository, tag, ID, and all else that they hold, so
// that the order depends on nothing but the tags.
func compare(a, b Tag) int {
	if a.Created != b.Created { // nearly always, and the texts need not be looked at
		return cmp.Compare(b.Created, a.Created)
	}
	return cmp.Or(
		cmp.Compare(a.Repository, b.Repository),
		cmp.Compare(a.Tag, b.Tag),
		cmp.Compare(a.ID, b.ID),
		cmp.Compare(a.Context, b.Context),
		cmp.Compare(b.Size, a.Size),
		slices.Compare(a.Digests, b.Digests),
	)
}
