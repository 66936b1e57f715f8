package lister_test

import (
	"context"
	"iter"
	"os"
	"time"

	"github.com/dkr-ls/dkr-ls/lister"
)

// shelf is an engine with two images. The package lister/engine has one that speaks to Docker.
type shelf struct{}

func (shelf) Images(context.Context, lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		_ = yield(lister.Image{
			ID:       "sha256:7e4d58f0e5f3c8ccd0d2f5a4a7d1dbf2c3e4f5061728394a5b6c7d8e9fa0b1c2",
			RepoTags: []string{"nginx:latest"}, Created: 1599696000, Size: 133_000_000,
		}, nil) && yield(lister.Image{
			ID:       "sha256:108d75da320f0e5f3c8ccd0d2f5a4a7d1dbf2c3e4f5061728394a5b6c7d8e9fa",
			RepoTags: []string{"debian:buster-20200514-slim"}, Created: 1589500800, Size: 69_200_000,
		}, nil)
	}
}

func (shelf) Containers(context.Context) ([]lister.Container, error) { return nil, nil }

func Example() {
	now := time.Date(2020, 9, 25, 0, 0, 0, 0, time.UTC)
	l := lister.Lister{Engine: shelf{}}
	tags, err := l.Tags(context.Background(), lister.Filter{CreatedBefore: now.AddDate(0, 0, -20)})
	if err != nil {
		panic(err)
	}
	total, err := lister.Sum(tags)
	if err != nil {
		panic(err)
	}
	table := lister.Table{Now: now, Total: &total}
	if err := table.WriteTags(os.Stdout, tags); err != nil {
		panic(err)
	}
	// Output:
	// REPOSITORY                                                              TAG                        IMAGE ID            CREATED             SIZE
	// debian                                                                  buster-20200514-slim       108d75da320f        4 months ago        69.2MB
	//                                                                                                                        TOTAL               69.2MB
}
