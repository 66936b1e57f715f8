package lister

import (
	"context"
	"iter"
)

// An Engine lists its images. It is all that a [Lister] needs of one.
type Engine interface {
	// Images yields every image that is wanted, and may yield others, in any order. An error ends the
	// sequence and makes whatever came before it worthless. The slices of an Image are the caller's.
	Images(ctx context.Context, want Want) iter.Seq2[Image, error]
}

// A Want is what a listing needs of an engine's images. The zero Want is all images.
type Want struct {
	// Prefixes are plain texts: only repositories that start with one of them are wanted. Empty: all are.
	Prefixes []string
	// SharedSize is wanted as well, for which engines compare all images.
	SharedSize bool
}

// An Image is an entry of the engine's /images/json, as far as rows need it.
type Image struct {
	ID          string   // algorithm and hex digits: "sha256:7e4d58f0e5f3…"
	RepoTags    []string // "nginx:latest"; empty, or only "<none>:<none>", when untagged
	RepoDigests []string // "nginx@sha256:…"; empty, or only "<none>@<none>", when never pulled or pushed
	Created     int64    // Unix seconds; 0 or less: unknown
	Size        int64    // bytes; less than 0: unknown
	Containers  int64    // that use it, running or stopped; less than 0: unknown
	SharedSize  int64    // bytes of Size that other images have too; less than 0: unknown
}
