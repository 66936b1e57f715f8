package lister

import (
	"context"
	"iter"
	"math"
	"slices"
	"strings"
)

// An Engine lists its images and containers. It is all that a [Lister] needs of one.
type Engine interface {
	// Images yields every image that is wanted, and may yield others, in any order. An error ends the
	// sequence and makes whatever came before it worthless. The slices of an Image are the caller's.
	Images(ctx context.Context, want Want) iter.Seq2[Image, error]
	// Containers returns every container, running or stopped.
	Containers(ctx context.Context) ([]Container, error)
}

// A Want is what a listing needs of an engine's images. The zero Want is all images.
type Want struct {
	// Only rows with one of these Names, REPOSITORY or REPOSITORY:TAG, are wanted, and those whose repository starts
	// with one of these Prefixes, which are plain texts. Both empty: all rows are.
	Names, Prefixes []string
	// SharedSize is wanted as well, for which engines compare all images.
	SharedSize bool
	// Labels are wanted as well.
	Labels bool
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
	Labels      map[string]string
}

// rows returns the rows of an image, with those fields: one for each of its tags, one for each repository
// that it has by digest only, and a single untagged one where it has neither. A digest without a
// repository belongs to all rows that have no other.
func (im *Image) rows(fields Fields) []*Row {
	model := Row{
		ID: escapeCell(im.ID), Created: max(im.Created, 0), Size: im.Size, SharedSize: -1,
		Containers: int32(min(max(im.Containers, -1), math.MaxInt32)),
	}
	if fields.Has(Labels) {
		model.Details = &Details{Labels: escapeLabels(im.Labels)}
	}
	if fields.Has(SharedSize) {
		model.SharedSize = im.SharedSize
	}
	var rows []*Row
	listed := map[string]bool{} // repositories
	add := func(repository, tag string) {
		row := model
		row.Repository, row.Tag = repository, tag
		rows = append(rows, &row)
		listed[repository] = true
	}
	for _, ref := range im.RepoTags {
		repository, tag := splitTag(ref)
		switch {
		case repository == "":
		case tag == None && strings.Contains(ref, "@"): // as engine 26.1 names images with containerd
			im.RepoDigests = append(im.RepoDigests, ref)
		default:
			add(repository, tag)
		}
	}
	digests := map[string][]string{} // by repository; "": without one
	for _, ref := range im.RepoDigests {
		repository, digest := splitDigest(ref)
		if repository != "" && !listed[repository] {
			add(repository, None)
		}
		if digest != "" && fields.Has(Digests) {
			digests[repository] = append(digests[repository], digest)
		}
	}
	if len(rows) == 0 {
		add(None, None)
	}
	for repository, list := range digests {
		slices.Sort(list)
		digests[repository] = slices.Compact(list)
	}
	for _, row := range rows {
		if row.Digests = digests[row.Repository]; row.Digests == nil {
			row.Digests = digests[""]
		}
	}
	return rows
}
