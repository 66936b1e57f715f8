package lister

import (
	"context"
	"iter"
)

// An Engine lists its images. It is all that a [Lister] needs of one.
type Engine interface {
	// Images yields every image once, in any order, or at least what is wanted of them. An error ends
	// the sequence and makes whatever came before it worthless. The slices of an Image are the
	// caller's only until the next one is yielded.
	Images(ctx context.Context, want Want) iter.Seq2[Image, error]
}

// Want is what is wanted of an engine's images. The zero Want is all of it.
type Want struct {
	// Prefixes are plain texts. Repositories that start with none of them are not wanted, nor are
	// images that have no other. None: all are.
	Prefixes []string
	// SharedSize is wanted as well, for which engines have to compare all images.
	SharedSize bool
}

// An Image is what the engine's /images/json says of one image, as far as rows need it.
type Image struct {
	ID          string   // algorithm and hex digits: "sha256:7e4d58f0e5f3…"
	RepoTags    []string // "nginx:latest"; empty, or only "<none>:<none>", when untagged
	RepoDigests []string // "nginx@sha256:…"; empty, or only "<none>@<none>", when never pulled or pushed
	Created     int64    // Unix seconds; 0 or less: the image does not say
	Size        int64    // bytes; less than 0: the engine does not know
	Containers  int64    // that use it, running or stopped; less than 0: the engine does not tell
	SharedSize  int64    // bytes of Size that other images have too; less than 0: the engine does not tell
}
