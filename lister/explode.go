package lister

import (
	"cmp"
	"slices"
	"strings"
)

// An exploder splits images into rows, one image after another.
type exploder struct {
	entries []entry // of the image; the next one reuses them
	names   []name
}

// An entry is a row of an image: a name, and the digests that the image has in its repository.
type entry struct {
	repository, tag string
	digests         []name
}

// A name is an entry of RepoDigests. Either part is empty where it is missing or invalid.
type name struct{ repository, digest string }

// explode returns the entries of im: one for each of its tags, one for each repository that it has
// by digest alone, and a single untagged one where it has neither. A digest without a repository
// belongs to all entries that have no other.
func (e *exploder) explode(im *Image) []entry {
	e.entries, e.names = e.entries[:0], e.names[:0]
	for _, ref := range im.RepoTags {
		repository, tag, ok := splitTag(ref)
		switch {
		case ok && tag == None && strings.Contains(ref, "@"): // engine 26.1 with containerd names images so
			e.addDigest(ref)
		case ok:
			e.entries = append(e.entries, entry{repository: repository, tag: tag})
		}
	}
	for _, ref := range im.RepoDigests {
		e.addDigest(ref)
	}
	// Sorted, both lists are gone through once: an image may have thousands of names.
	slices.SortFunc(e.entries, func(a, b entry) int { return cmp.Compare(a.repository, b.repository) })
	slices.SortFunc(e.names, func(a, b name) int {
		return cmp.Or(cmp.Compare(a.repository, b.repository), cmp.Compare(a.digest, b.digest))
	})

	nameless := e.match()
	if len(e.entries) == 0 {
		e.entries = append(e.entries, entry{repository: None, tag: None})
	}
	for i := range e.entries {
		if len(e.entries[i].digests) == 0 {
			e.entries[i].digests = nameless
		}
	}
	return e.entries
}

func (e *exploder) addDigest(ref string) {
	if repository, digest, ok := splitDigest(ref); ok {
		e.names = append(e.names, name{repository, digest})
	}
}

// match gives the digests to the entries of their repositories, and makes entries of those
// repositories that have no tag. It returns the digests without a repository.
func (e *exploder) match() (nameless []name) {
	tagged, next := len(e.entries), 0
	for names := e.names; len(names) > 0; {
		repository, same := names[0].repository, 1
		for same < len(names) && names[same].repository == repository {
			same++
		}
		digests := names[:same]
		names = names[same:]
		for len(digests) > 0 && digests[0].digest == "" {
			digests = digests[1:]
		}
		if repository == "" {
			nameless = digests
			continue
		}
		for next < tagged && e.entries[next].repository < repository {
			next++
		}
		if next == tagged || e.entries[next].repository != repository {
			e.entries = append(e.entries, entry{repository: repository, tag: None, digests: digests})
		}
		for ; next < tagged && e.entries[next].repository == repository; next++ {
			e.entries[next].digests = digests
		}
	}
	return nameless
}
