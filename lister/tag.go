package lister

import (
	"cmp"
	"slices"
	"strings"
)

// A Tag is one row of the listing: one name of one image. Its texts are safe to print
// (see [Escape]) and hold no spaces.
type Tag struct {
	Context    string   // which engine's it is, where several were asked
	Repository string   // in its familiar form: "nginx", "localhost:5000/team/app"; [None] for an untagged image
	Tag        string   // [None] for an image that is known by digest alone, or untagged
	Digests    []string // "sha256:…", those of the image in the repository, sorted; none where digests were not asked for
	ID         string   // the image's, whole: "sha256:7e4d58f0e5f3…"
	Created    int64    // Unix seconds; 0: the image does not say
	Size       int64    // bytes, as the engine counts them; less than 0: the engine does not know
}

// Digest is the first of the digests in their order, or [None].
func (t *Tag) Digest() string {
	if len(t.Digests) == 0 {
		return None
	}
	return t.Digests[0]
}

// ShortID is the first 12 digits of the image ID, without its algorithm. An ID that is shorter, or
// is no hex, is left as it is.
func (t *Tag) ShortID() string {
	const digits, whole = 12, 64
	_, hex, ok := strings.Cut(t.ID, ":")
	if !ok && len(t.ID) == whole {
		hex = t.ID
	}
	if len(hex) < digits || !isHex(hex[:digits]) {
		return t.ID
	}
	return hex[:digits]
}

// An exploder makes rows of images, one image after another.
type exploder struct {
	rows    []Tag
	digests []name
	asked   bool // for digests
}

// A name is an entry of RepoDigests: the repository is empty where it has none.
type name struct{ repository, digest string }

// explode returns the rows of image, which are the caller's until the next call: one for each of
// its tags, one for each repository that it has by digest alone, and a single untagged one where it
// has neither. A digest without a repository is one of all rows that have no other.
func (e *exploder) explode(image Image) []Tag {
	e.rows, e.digests = e.rows[:0], e.digests[:0]
	row := Tag{ID: escapeCell(image.ID), Created: max(image.Created, 0), Size: image.Size, Tag: None}
	for _, ref := range image.RepoTags {
		repository, tag, ok := splitTag(ref)
		switch {
		case ok && tag == None && strings.Contains(ref, "@"): // engine 26.1 with containerd names images so
			e.addDigest(ref)
		case ok:
			row.Repository, row.Tag = repository, tag
			e.rows = append(e.rows, row)
		}
	}
	for _, ref := range image.RepoDigests {
		e.addDigest(ref)
	}
	// Sorted, both lists are gone through once: an image may have thousands of names.
	slices.SortFunc(e.rows, func(a, b Tag) int { return cmp.Compare(a.Repository, b.Repository) })
	slices.SortFunc(e.digests, func(a, b name) int {
		return cmp.Or(cmp.Compare(a.repository, b.repository), cmp.Compare(a.digest, b.digest))
	})

	nameless := e.match(row)
	if len(e.rows) == 0 {
		row.Repository, row.Tag = None, None
		e.rows = append(e.rows, row)
	}
	for i := range e.rows {
		if len(e.rows[i].Digests) == 0 {
			e.rows[i].Digests = nameless
		}
	}
	return e.rows
}

// match gives the digests to the tagged rows of their repositories, and makes rows like row of those
// that have no tag. It returns the digests without a repository.
func (e *exploder) match(row Tag) (nameless []string) {
	row.Tag = None
	tagged, next := len(e.rows), 0
	for names := e.digests; len(names) > 0; {
		same := 1
		for same < len(names) && names[same].repository == names[0].repository {
			same++
		}
		row.Repository, row.Digests = names[0].repository, e.texts(names[:same])
		names = names[same:]
		if row.Repository == "" {
			nameless = row.Digests
			continue
		}
		for next < tagged && e.rows[next].Repository < row.Repository {
			next++
		}
		if next == tagged || e.rows[next].Repository != row.Repository {
			e.rows = append(e.rows, row)
		}
		for ; next < tagged && e.rows[next].Repository == row.Repository; next++ {
			e.rows[next].Digests = row.Digests
		}
	}
	return nameless
}

func (e *exploder) addDigest(ref string) {
	if repository, digest, ok := splitDigest(ref); ok {
		e.digests = append(e.digests, name{repository, digest})
	}
}

// texts are the digests of names, each once, if they were asked for.
func (e *exploder) texts(names []name) []string {
	if !e.asked {
		return nil
	}
	var texts []string
	for _, n := range names {
		if n.digest != "" && (len(texts) == 0 || texts[len(texts)-1] != n.digest) {
			texts = append(texts, strings.Clone(n.digest))
		}
	}
	return texts
}
