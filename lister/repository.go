package lister

import (
	"cmp"
	"slices"

	"github.com/fvbommel/sortorder"
)

// A Repository is what a listing holds of one repository.
type Repository struct {
	Context string // which engine's it is, where several were asked
	Name    string // [None] for the untagged images
	Tags    int    // how many rows it has
	Size    int64  // bytes of its images, each counted once
	Created int64  // of the newest, in Unix seconds; 0: none of them says
}

// Repositories are those of the rows, each once, in the order in which the rows first have them. With
// the error [ErrSum] the sizes of some are wrong, and all else is right.
func (l *List) Repositories() ([]Repository, error) {
	if l.Len() == 0 {
		return nil, nil
	}
	var all []Repository
	originals := l.originals()
	index, images := map[repoOf]int{}, make([]imageOf, len(l.order))
	for i, p := range l.order {
		r := l.rows.at(p.row)
		of := repoOf{l.images.at(r.image).context, r.repo}
		number, known := index[of]
		if !known {
			number = len(all)
			index[of] = number
			all = append(all, Repository{Context: l.contexts[of.context], Name: l.repos[of.repo]})
		}
		all[number].Tags++
		all[number].Created = max(all[number].Created, p.created)
		images[i] = imageOf{uint32(number), originals.of(r.image), r.image} //nolint:gosec // below Len
	}

	slices.SortFunc(images, imageOf.compare)
	var err error
	var sum imageSum
	for i, im := range images {
		if i == 0 || im.repo != images[i-1].repo || im.original != images[i-1].original {
			sum = imageSum{}
		}
		size, sumErr := sum.addTo(all[im.repo].Size, l.images.at(im.number).size)
		all[im.repo].Size, err = size, cmp.Or(err, sumErr)
	}
	return all, err
}

// A repoOf is a repository by the numbers of its context and name.
type repoOf struct{ context, repo uint32 }

// An imageOf is an image that a repository has, by their numbers.
type imageOf struct{ repo, original, number uint32 }

func (a imageOf) compare(b imageOf) int {
	return cmp.Or(cmp.Compare(a.repo, b.repo), cmp.Compare(a.original, b.original))
}

// SortRepositories is [List.Sort] for repositories, which have no tag to sort by: it leaves them in
// the order that they are in, as ByCreated does.
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
