package lister

import (
	"slices"
	"strings"
)

// An entry is a row of an image: a name, and the digests that the image has in its repository.
type entry struct {
	repository, tag string
	digests         []string // sorted, each once
}

// explode returns the rows of im: one for each of its tags, one for each repository that it has by
// digest only, and a single untagged one where it has neither. A digest without a repository belongs
// to all rows that have no other.
func explode(im *Image) []entry {
	var entries []entry
	digests, isTagged := map[string][]string{}, map[string]bool{} // by repository; "": without one
	addDigest := func(ref string) {
		if repository, digest, ok := splitDigest(ref); ok {
			if digest != "" {
				digests[repository] = append(digests[repository], digest)
			} else if _, known := digests[repository]; !known {
				digests[repository] = nil
			}
		}
	}
	for _, ref := range im.RepoTags {
		repository, tag, ok := splitTag(ref)
		switch {
		case ok && tag == None && strings.Contains(ref, "@"): // as engine 26.1 names images with containerd
			addDigest(ref)
		case ok:
			entries = append(entries, entry{repository: repository, tag: tag})
			isTagged[repository] = true
		}
	}
	for _, ref := range im.RepoDigests {
		addDigest(ref)
	}
	for repository, all := range digests {
		slices.Sort(all)
		digests[repository] = slices.Compact(all)
		if repository != "" && !isTagged[repository] {
			entries = append(entries, entry{repository: repository, tag: None})
		}
	}
	if len(entries) == 0 {
		entries = append(entries, entry{repository: None, tag: None})
	}
	for i := range entries {
		e := &entries[i]
		if e.digests = digests[e.repository]; len(e.digests) == 0 {
			e.digests = digests[""]
		}
	}
	return entries
}
