package integration_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/docker/go-units"
	"github.com/moby/moby/api/types/image"
	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

// What an engine holds, asked and worked out here without any code of dkr-ls.

// images asks the engine for its list.
func images(ctx SpecContext, e engine) []image.Summary {
	GinkgoHelper()
	list, err := e.client().ImageList(ctx, client.ImageListOptions{})
	Expect(err).NotTo(HaveOccurred())
	return list.Items
}

// expected is a row that an image must have, and the reference that means it alone.
type expected struct {
	row
	Reference string
}

// rowsOf returns the rows that an image must have, in order.
func rowsOf(image image.Summary) []expected {
	var found []expected
	add := func(repository, tag, reference string) {
		size := units.HumanSizeWithPrecision(float64(image.Size), 3)
		found = append(found, expected{row{repository, tag, shortID(image.ID), age(image.Created), size}, reference})
	}
	tagged := map[string]bool{}
	for _, reference := range image.RepoTags {
		// A containerd store may name an image by digest among its tags: engine
		// 26.1 does, for what was pulled by digest. Its digests have it as well.
		if reference != "<none>:<none>" && !strings.Contains(reference, "@") {
			reference = familiar(reference)
			colon := strings.LastIndex(reference, ":")
			tagged[reference[:colon]] = true
			add(reference[:colon], reference[colon+1:], reference)
		}
	}
	for _, reference := range image.RepoDigests {
		reference = familiar(reference)
		repository, _, _ := strings.Cut(reference, "@")
		if repository != "<none>" && !tagged[repository] {
			add(repository, "<none>", reference)
		}
	}
	if len(found) == 0 {
		add("<none>", "<none>", image.ID)
	}
	slices.SortFunc(found, func(a, b expected) int {
		return cmp.Or(strings.Compare(a.Repository, b.Repository), strings.Compare(a.Tag, b.Tag))
	})
	return found
}

// references are those of all that the engine lists, sorted.
func references(list []image.Summary) []string {
	all := []string{}
	for _, image := range list {
		for _, row := range rowsOf(image) {
			all = append(all, row.Reference)
		}
	}
	slices.Sort(all)
	return all
}

// familiar is a name as docker lists it. Podman lists those of Docker Hub in full.
func familiar(reference string) string {
	return strings.TrimPrefix(strings.TrimPrefix(reference, "docker.io/"), "library/")
}

// age words a creation time. Engines send 0 or the year 1 for none.
func age(created int64) string {
	if created <= 0 {
		return "N/A"
	}
	return units.HumanDuration(time.Since(time.Unix(created, 0))) + " ago"
}

// shortID returns the first 12 hex digits of an image ID.
func shortID(id string) string {
	return strings.TrimPrefix(id, "sha256:")[:12]
}

// daysAgo is a creation time.
func daysAgo(days int) time.Time { return time.Now().UTC().AddDate(0, 0, -days) }

// date is the day of that time, as people write it.
func date(days int) string { return daysAgo(days).Format(time.DateOnly) }

// randomImages have up to three tags each in these repositories, and creation times that are often the same.
func randomImages(random *rand.Rand, n int, repositories []string) (all []fixture.Image) {
	for i := range n {
		image := fixture.Image{Size: int64(i+2) * 1_000}
		if random.IntN(5) > 0 {
			image.Created = daysAgo(10*random.IntN(5) + 1)
		}
		for tag := range random.IntN(4) {
			image.References = append(image.References, fmt.Sprintf("%s:%d.%d", repositories[random.IntN(len(repositories))], i, tag))
		}
		all = append(all, image)
	}
	return all
}
