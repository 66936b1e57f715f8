package lister_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"testing"

	"github.com/dkr-ls/dkr-ls/lister"
)

// many returns n images, as an engine has them: a repository for every ten, one in 20 untagged.
func many(n int) images {
	all := make(images, n)
	for i := range all {
		all[i] = lister.Image{ID: fmt.Sprintf("sha256:%x", sha256.Sum256([]byte{byte(i), byte(i >> 8), byte(i >> 16)})), Created: 1_500_000_000 + int64(i*7919)%100_000_000, Size: 1_000_000 + int64(i*104729)%2_000_000_000}
		if i%20 != 0 {
			name := fmt.Sprintf("123456789000.dkr.ecr.us-east-1.amazonaws.com/team/app-%d", i/10)
			all[i].RepoTags = []string{fmt.Sprintf("%s:20260101-%d", name, i)}
			all[i].RepoDigests = []string{fmt.Sprintf("%s@sha256:%x", name, sha256.Sum256([]byte(name)))}
		}
	}
	return all
}

const benchImages = 10_000

func listed(b *testing.B, l lister.Lister, f lister.Filter) []*lister.Row {
	b.Helper()
	tags, err := l.Tags(context.Background(), f)
	if err != nil {
		b.Fatal(err)
	}
	return tags
}

// BenchmarkTags makes rows, filters and sorts them; ns and allocations are of 10,000 images.
func BenchmarkTags(b *testing.B) {
	for name, filter := range map[string]lister.Filter{
		"all":     {},
		"prefix":  {Prefixes: []string{"debian", "123456789000.dkr.ecr.us-east-1.amazonaws.com/team/app-99"}},
		"minAge":  {CreatedBefore: before(200 * day)},
		"minSize": {MinSize: bytes(1_000_000_000)},
		"maxTags": {MaxTags: 1},
	} {
		b.Run(name, func(b *testing.B) {
			l := lister.Lister{Engine: many(benchImages)}
			b.ReportAllocs()
			for b.Loop() {
				listed(b, l, filter)
			}
		})
	}
}

func BenchmarkWriteTags(b *testing.B) {
	tags := listed(b, lister.Lister{Engine: many(benchImages)}, lister.Filter{})
	b.ReportAllocs()
	for b.Loop() {
		if err := (lister.Table{Now: now()}).WriteTags(io.Discard, tags); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSum(b *testing.B) {
	tags := listed(b, lister.Lister{Engine: many(benchImages)}, lister.Filter{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := lister.Sum(tags); err != nil {
			b.Fatal(err)
		}
	}
}
