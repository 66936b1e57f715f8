package lister

import "strings"

// A Tag is one row of the listing: one name of one image. Its texts are safe to print
// (see [Escape]) and hold no spaces.
type Tag struct {
	Context    string   // of its engine, where several were asked
	Repository string   // in its familiar form: "nginx", "localhost:5000/team/app"; [None] for an untagged image
	Tag        string   // [None] for an image with a digest only, or untagged
	Digests    []string // "sha256:…", those of the image in the repository, sorted; empty where digests were not asked for
	ID         string   // the image's, whole: "sha256:7e4d58f0e5f3…"
	Created    int64    // Unix seconds; 0: unknown
	Size       int64    // bytes, as the engine counts them; less than 0: unknown
	Containers int64    // that use the image, running or stopped; less than 0: unknown, or not asked for
	SharedSize int64    // bytes of Size that other images have too; less than 0: unknown, or not asked for
}

// UniqueSize returns how many bytes no other image has, as the engine counts them; less than 0 where it
// is unknown.
func (t *Tag) UniqueSize() int64 {
	if t.Size < 0 || t.SharedSize < 0 {
		return -1
	}
	return max(t.Size-t.SharedSize, 0)
}

// Digest returns the first of the digests in their order, or [None].
func (t *Tag) Digest() string {
	if len(t.Digests) == 0 {
		return None
	}
	return t.Digests[0]
}

// ShortID returns the first 12 digits of the image ID, without its algorithm. It returns the whole of
// an ID that is shorter, or is not hex.
func (t *Tag) ShortID() string {
	const short, whole = 12, 64
	_, hex, ok := strings.Cut(t.ID, ":")
	if !ok && len(t.ID) == whole {
		hex = t.ID
	}
	if len(hex) < short || !isHex(hex[:short]) {
		return t.ID
	}
	return hex[:short]
}
