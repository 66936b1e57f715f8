package integration_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

var _ = Describe("cleaning up by references", func() {
	// recipe is README's, and here it is a person who types it in a shell.
	const recipe = `dkr-ls tags %[1]s --format '{{.Reference}}' | xargs -r docker rmi --`

	It("deletes exactly what was listed, whatever the inventory", func(ctx SpecContext) {
		e := startEngine(ctx)
		random := rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), 0))
		e.load(ctx, randomImages(random))
		pullByDigest(ctx, e, fixture.Image{Created: time.Now().AddDate(0, 0, -40), Size: 10_000})
		const used = "used/app:1"
		use(ctx, e, used)

		bash := shell(ctx, e, map[string]string{"docker": "docker.io"})
		typed := func(line string) string {
			GinkgoHelper()
			output, err := bash(line)
			if err != nil { // docker refuses what a container uses, and nothing else
				Expect(output).To(ContainSubstring("using its referenced image"), line)
			}
			return output
		}

		for _, flags := range []string{
			"--prefix no/such", "--keep 1 --prefix team/", "--prefix old/", "--keep 2 --minAge 10", "--maxTags 1 --prefix team/", "--prefix '<none>'", "--keep 1", "",
		} {
			before := references(images(ctx, e))
			listed := strings.Fields(typed("dkr-ls tags " + flags + " --format '{{.Reference}}'"))
			Expect(before).To(ContainElements(listed), flags)
			typed(fmt.Sprintf(recipe, flags))
			gone := func(reference string) bool { return reference != used && slices.Contains(listed, reference) }
			Expect(references(images(ctx, e))).To(Equal(slices.DeleteFunc(before, gone)), "dkr-ls tags %s", flags)
		}
		Expect(references(images(ctx, e))).To(Equal([]string{used}))
	})
})

// randomImages have several tags, also over repositories, or none, dates that collide, or none.
func randomImages(random *rand.Rand) []fixture.Image {
	now := time.Now().UTC()
	all := []fixture.Image{{References: []string{"used/app:1"}, Created: now.AddDate(0, 0, -50), Size: 1_000}}
	for i := range 24 {
		image := fixture.Image{Size: int64(i+2) * 1_000}
		if random.IntN(5) > 0 {
			image.Created = now.AddDate(0, 0, -10*random.IntN(5)-1)
		}
		for n := range random.IntN(4) {
			repository := []string{"team/web", "team/api", "old/web", "debian", "localhost:5000/team/web"}[random.IntN(5)]
			image.References = append(image.References, fmt.Sprintf("%s:%d.%d", repository, i, n))
		}
		all = append(all, image)
	}
	return all
}

// references are those of all that the engine lists, sorted, made without any code of dkr-ls.
func references(list []summary) []string {
	all := []string{}
	for _, image := range list {
		tagged := map[string]bool{}
		named := false
		for _, reference := range image.RepoTags {
			if reference != "<none>:<none>" && !strings.Contains(reference, "@") {
				all, named = append(all, reference), true
				tagged[reference[:strings.LastIndex(reference, ":")]] = true
			}
		}
		for _, reference := range image.RepoDigests {
			repository, _, _ := strings.Cut(reference, "@")
			if repository != "<none>" {
				if !tagged[repository] {
					all = append(all, reference)
				}
				named = true
			}
		}
		if !named {
			all = append(all, image.ID)
		}
	}
	slices.Sort(all)
	return all
}
