package lister

import (
	"cmp"
	"slices"
)

// A keeper knows which tags are to be kept: the newest of each repository, and all that are as old
// as the last of them, since builds that make equal bytes date every image alike. Tags of images
// that do not say when they were created are kept as well.
type keeper struct {
	most   int
	wholly bool // an image of which a tag is kept is kept whole
	byRepo map[string]*ranking
	images map[string]bool // IDs that are kept whole
}

// A ranking has those tags of a repository that may turn out to be kept.
type ranking struct {
	all    []candidate
	oldest int64 // of those that are kept, so far
	enough int   // how many of all make it worth sorting them out again
}

type candidate struct {
	created int64
	tag, id string // the ID only where images are kept whole
}

func newKeeper(f Filter) *keeper {
	return &keeper{most: f.Keep, wholly: f.KeepImages, byRepo: map[string]*ranking{}, images: map[string]bool{}}
}

// add ranks the row t, whose texts it keeps.
func (k *keeper) add(t Tag) {
	switch {
	case t.Tag == None:
		return
	case t.Created == 0:
		if k.wholly {
			k.images[t.ID] = true
		}
		return
	}
	r := k.byRepo[t.Repository]
	if r == nil {
		r = &ranking{}
		k.byRepo[t.Repository] = r
	}
	if t.Created < r.oldest {
		return
	}
	c := candidate{created: t.Created, tag: t.Tag}
	if k.wholly {
		c.id = t.ID
	}
	r.all = append(r.all, c)
	if len(r.all) > r.enough {
		r.cut(k.most)
		r.enough = 2*len(r.all) + k.most
	}
}

// cut leaves those that are among the newest most tags, or as old as the last of them.
func (r *ranking) cut(most int) {
	slices.SortFunc(r.all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.created, a.created), cmp.Compare(a.tag, b.tag))
	})
	tags := 0
	for i, c := range r.all {
		older := i > 0 && c.created < r.all[i-1].created
		if older && tags >= most {
			r.all = r.all[:i]
			break
		}
		if i == 0 || older || c.tag != r.all[i-1].tag { // an engine may name an image twice
			tags++
		}
	}
	if tags >= most {
		r.oldest = r.all[len(r.all)-1].created
	}
}

// rest is what of tags is not kept.
func (k *keeper) rest(tags []Tag) []Tag {
	for _, r := range k.byRepo {
		r.cut(k.most)
		if k.wholly {
			for _, c := range r.all {
				k.images[c.id] = true
			}
		}
	}
	return slices.DeleteFunc(tags, func(t Tag) bool {
		kept := t.Tag != None && (t.Created == 0 || t.Created >= k.byRepo[t.Repository].oldest)
		return kept || k.wholly && k.images[t.ID]
	})
}
