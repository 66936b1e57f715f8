package lister

import "strings"

// A Row is a line of a listing: a tag of an image, or a repository. Its texts are safe to print
// (see [Escape]) and hold no spaces.
type Row struct {
	Context    string   // of its engine, where several were asked
	Repository string   // in its familiar form: "nginx", "localhost:5000/team/app"; [None] for an untagged image
	Tag        string   // [None] for an image with a digest only, or untagged
	Digests    []string // "sha256:…", those of the image in the repository, sorted; empty where they were not asked for
	ID         string   // the image's, whole: "sha256:7e4d58f0e5f3…"
	Created    int64    // Unix seconds, of a repository's newest image; 0: unknown
	Size       int64    // bytes, as the engine counts them, of a repository's images together; less than 0: unknown
	SharedSize int64    // bytes of Size that other images have too; less than 0: unknown, or not asked for
	Containers int32    // that use the image or its name, running or stopped; less than 0: unknown
	Tags       int32    // rows of a repository
	Details    *Details // nil where none of them was asked for
}

// Details are what rows hold on request only.
type Details struct {
	UsedBy []string          // the names of the containers that use the image or its name, sorted; nil: not asked for
	Labels map[string]string // of the image; nil: not asked for
}

// UsedBy returns the names of the containers that use the image or its name, sorted; nil where they were not
// asked for.
func (r *Row) UsedBy() []string {
	if r.Details == nil {
		return nil
	}
	return r.Details.UsedBy
}

// Labels returns the labels of the image; nil where they were not asked for.
func (r *Row) Labels() map[string]string {
	if r.Details == nil {
		return nil
	}
	return r.Details.Labels
}

// UniqueSize returns how many bytes no other image has, as the engine counts them; less than 0 where it
// is unknown.
func (r *Row) UniqueSize() int64 {
	if r.Size < 0 || r.SharedSize < 0 {
		return -1
	}
	return max(r.Size-r.SharedSize, 0)
}

// Digest returns the first of the digests in their order, or [None].
func (r *Row) Digest() string {
	if len(r.Digests) == 0 {
		return None
	}
	return r.Digests[0]
}

// ShortID returns the first 12 digits of the image ID, without its algorithm. It returns the whole of
// an ID that is shorter, or is not hex.
func (r *Row) ShortID() string {
	const short, whole = 12, 64
	_, hex, ok := strings.Cut(r.ID, ":")
	if !ok && len(r.ID) == whole {
		hex = r.ID
	}
	if len(hex) < short || !isHex(hex[:short]) {
		return r.ID
	}
	return hex[:short]
}
