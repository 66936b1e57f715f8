package lister

import (
	"cmp"
	"slices"
)

// A Repository is what a listing has of one repository.
type Repository struct {
	Context string // of its engine, where several were asked
	Name    string // [None] for the untagged images
	Tags    int    // rows
	Size    int64  // bytes of its images, each counted once
	Created int64  // of the newest, in Unix seconds; 0: unknown
}

// Repositories returns those of tags, each once, in the order in which tags first have them. With the
// error [ErrSum] the sizes of some are wrong, and all else is right.
func Repositories(tags []*Tag) ([]*Repository, error) {
	type repoKey struct{ context, name string }
	type repoImage struct {
		repo int
		id   string
	}
	var repos []*Repository
	var err error
	index, sizes := map[repoKey]int{}, map[repoImage]int64{}
	for _, t := range tags {
		key := repoKey{t.Context, t.Repository}
		at, known := index[key]
		if !known {
			at = len(repos)
			index[key] = at
			repos = append(repos, &Repository{Context: t.Context, Name: t.Repository})
		}
		r := repos[at]
		r.Tags++
		r.Created = max(r.Created, t.Created)
		if t.Size > 0 { // or there is nothing to add
			image := repoImage{at, t.ID}
			size, sumErr := addMore(r.Size, sizes[image], t.Size)
			r.Size, err = size, cmp.Or(err, sumErr)
			sizes[image] = max(sizes[image], t.Size)
		}
	}
	return repos, err
}

// SortRepositories sorts repositories like [Sort]. They have no tag and no unique size to sort by:
// with these keys, and with ByCreated, they stay in the order that they are in.
func SortRepositories(repos []*Repository, by Key) {
	slices.SortStableFunc(repos, func(a, b *Repository) int {
		switch by {
		case BySize:
			return cmp.Compare(b.Size, a.Size)
		case ByRepository:
			return naturalCompare(a.Name, b.Name)
		}
		return 0
	})
}
