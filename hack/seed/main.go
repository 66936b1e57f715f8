// Seed writes the archive of the examples' eight images, for `docker load`:
//
//	now=$(date +%s)
//	go run ./hack/seed --now "$now" | docker load
//
// With --many it writes as many other images. With --names it prints the references instead, one a line; with --ids the
// image IDs, one a line, in the order in which the examples list the images.
// IDs depend on --now, --arch and --store, so pass the same values each time.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "seed:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("seed", flag.ExitOnError)
	many := flags.Int("many", 0, "so many small images of twenty teams, instead of the examples'")
	names := flags.Bool("names", false, "print the references, one a line")
	ids := flags.Bool("ids", false, "print the image IDs, one a line")
	now := flags.Int64("now", time.Now().Unix(), "the time that ages count from, in seconds since 1970")
	arch := flags.String("arch", runtime.GOARCH, "the engine's CPU architecture")
	storeName := flags.String("store", "graphdriver", "the engine's image store, for --ids: graphdriver or containerd")
	if err := flags.Parse(args); err != nil {
		return err
	}
	store, err := parseStore(*storeName)
	if err != nil {
		return err
	}
	images := fixture.Brief(time.Unix(*now, 0))
	if *many > 0 {
		images = teams(*many, time.Unix(*now, 0))
	}
	archive, err := fixture.Build(*arch, images)
	if err != nil {
		return err
	}

	out := bufio.NewWriter(stdout) // keeps the first error for Flush
	switch {
	case *names:
		for _, image := range archive.Images() {
			for _, reference := range image.References {
				_, _ = fmt.Fprintln(out, reference)
			}
		}
	case *ids:
		for _, image := range archive.Images() {
			_, _ = fmt.Fprintln(out, image.ID(store))
		}
	default:
		if _, err := archive.WriteTo(out); err != nil {
			return err
		}
	}
	return out.Flush()
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

func parseStore(name string) (fixture.Store, error) {
	switch name {
	case "graphdriver":
		return fixture.GraphDriver, nil
	case "containerd":
		return fixture.Containerd, nil
	default:
		return 0, fmt.Errorf("unknown store %q: use graphdriver or containerd", name)
	}
}
