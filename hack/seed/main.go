// Seed writes the archive of the examples' eight images, or with --many of so many small ones, for `docker load`:
//
//	go run ./hack/seed | docker load
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

func main() {
	many := flag.Int("many", 0, "this many small images of twenty teams, instead of the examples'")
	flag.Parse()
	images := fixture.Brief(time.Now())
	if *many > 0 {
		images = teams(*many, time.Now())
	}
	archive, err := fixture.Build(runtime.GOARCH, images)
	if err == nil {
		_, err = archive.WriteTo(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "seed:", err)
		os.Exit(1)
	}
}

// teams are n images of "team1" to "team20", of a few sizes, created an hour after each other.
func teams(n int, now time.Time) []fixture.Image {
	images := make([]fixture.Image, n)
	for i := range images {
		images[i] = fixture.Image{
			References: []string{fmt.Sprintf("team%d/app-%d:1.%d", i%20+1, i%7, i)},
			Created:    now.Add(-time.Duration(i+1) * time.Hour),
			Size:       int64(i%10+1) * 10_000,
		}
	}
	return images
}
