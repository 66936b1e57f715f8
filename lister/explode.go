package lister

import (
	"slices"
	"strings"
)

// An entry is a row of an image: a name, and the digests that the image has in its repository.
type entry struct {
	repository, tag string
	digests         []string // sorted, each once; empty where nobody asked for them
}

// An exploder splits images into rows. The next image reuses what one has taken.
type exploder struct {
	withDigests bool
	entries     []entry
	digests     map[string][]string // by repository, of those with a digest; "": without a repository
	tagged      map[string]bool     // repositories
}

func newExploder(withDigests bool) *exploder {
	return &exploder{withDigests: withDigests, digests: map[string][]string{}, tagged: map[string]bool{}}
}

// explode returns the rows of im: one for each of its tags, one for each repository that it has by
// digest only, and a single untagged one where it has neither. A digest without a repository belongs
// to all rows that have no other.
func (e *exploder) explode(im *Image) []entry {
	e.entries = e.entries[:0]
	clear(e.digests)
	clear(e.tagged)
	for _, ref := range im.RepoTags {
		repository, tag, ok := splitTag(ref)
		switch {
		case ok && tag == None && strings.Contains(ref, "@"): // as engine 26.1 names images with containerd
			e.addDigest(ref)
		case ok:
			e.entries = append(e.entries, entry{repository: repository, tag: tag})
			e.tagged[repository] = true
		}
	}
	for _, ref := range im.RepoDigests {
		e.addDigest(ref)
	}
	for repository, digests := range e.digests {
		slices.Sort(digests)
		e.digests[repository] = slices.Compact(digests)
		if repository != "" && !e.tagged[repository] {
			e.entries = append(e.entries, entry{repository: repository, tag: None})
		}
	}
	if len(e.entries) == 0 {
		e.entries = append(e.entries, entry{repository: None, tag: None})
	}
	for i := range e.entries {
		entry := &e.entries[i]
		if entry.digests = e.digests[entry.repository]; len(entry.digests) == 0 {
			entry.digests = e.digests[""]
		}
	}
	return e.entries
}

func (e *exploder) addDigest(ref string) {
	repository, digest, ok := splitDigest(ref)
	if !ok {
		return
	}
	digests := e.digests[repository]
	if e.withDigests && digest != "" {
		digests = append(digests, digest)
	}
	e.digests[repository] = digests
}
