package lister

import "slices"

// A Tag is one row of the listing: one name of one image. Its texts are safe to print
// (see [Escape]) and hold no spaces.
type Tag struct {
	Context    string // which engine's it is, where several were asked
	Repository string // in its familiar form: "nginx", "localhost:5000/team/app"; [None] for an untagged image
	Tag        string // [None] for an image that is known by digest alone, or untagged
	Digest     string // "sha256:…", in the repository; [None] where it has none, empty where digests were not asked for
	ID         string // the image's, whole: "sha256:7e4d58f0e5f3…"
	Created    int64  // Unix seconds; 0: the image does not say
	Size       int64  // bytes, as the engine counts them; less than 0: the engine does not know
}

// explode appends the rows of image to tags: one for each of its tags, one for each repository
// that it has by digest alone, and a single untagged one where it has neither.
func explode(tags []Tag, image Image) []Tag {
	row := Tag{ID: escapeCell(image.ID), Created: max(image.Created, 0), Size: image.Size}
	first := len(tags)
	for _, ref := range image.RepoTags {
		var ok bool
		if row.Repository, row.Tag, ok = splitTag(ref); ok {
			tags = append(tags, row)
		}
	}
	row.Tag = None
	for _, ref := range image.RepoDigests {
		var ok bool
		if row.Repository, _, ok = splitDigest(ref); ok && !named(tags[first:], row.Repository) {
			tags = append(tags, row)
		}
	}
	if len(tags) == first {
		row.Repository = None
		tags = append(tags, row)
	}
	return tags
}

func named(tags []Tag, repository string) bool {
	return slices.ContainsFunc(tags, func(t Tag) bool { return t.Repository == repository })
}

// addDigests fills in the digests of the rows of one image: of several in a repository, the first
// in their order.
func addDigests(rows []Tag, digests []string) {
	for i := range rows {
		rows[i].Digest = None
	}
	for _, ref := range digests {
		repository, digest, ok := splitDigest(ref)
		for i := range rows {
			if ok && rows[i].Repository == repository && (rows[i].Digest == None || digest < rows[i].Digest) {
				rows[i].Digest = digest
			}
		}
	}
}
