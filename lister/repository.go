package lister

import "cmp"

// A Repository is what a listing holds of one repository.
type Repository struct {
	Context string // which engine's it is, where several were asked
	Name    string // [None] for the untagged images
	Tags    int    // how many rows it has
	Size    int64  // bytes of its images, each counted once
	Created int64  // of the newest, in Unix seconds; 0: none of them says
}

// Repositories are those of tags, each once, in the order in which tags first has them. With the
// error [ErrSum] the sizes of some are wrong, and all else is right.
func Repositories(tags []Tag) ([]Repository, error) {
	var all []Repository
	var err error
	type key struct{ context, name, id string }
	index, sizes := map[key]int{}, map[key]int64{}
	for _, t := range tags {
		of := key{t.Context, t.Repository, ""}
		i, known := index[of]
		if !known {
			i = len(all)
			index[of] = i
			all = append(all, Repository{Context: t.Context, Name: t.Repository})
		}
		r := &all[i]
		r.Tags++
		r.Created = max(r.Created, t.Created)
		of.id = t.ID
		bytes, counted := max(t.Size, 0), sizes[of]
		if bytes <= counted {
			continue
		}
		sizes[of] = bytes
		size, sumErr := add(r.Size, bytes-counted)
		r.Size, err = size, cmp.Or(err, sumErr)
	}
	return all, err
}
