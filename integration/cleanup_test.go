package integration_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

var _ = Describe("deleting what {{.Reference}} prints", func() {
	// recipe is README's, and here it is a person who types it in a shell.
	const recipe = `dkr-ls tags %[1]s --format '{{.Reference}}' | xargs -r docker rmi --`

	It("deletes exactly the rows that were listed, whatever the inventory", func(ctx SpecContext) {
		e := startEngine(ctx)
		random := rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), 0))
		const used = "used/app:1"
		repositories := []string{"team/web", "team/api", "old/web", "debian", "localhost:5000/team/web"}
		e.load(ctx, append(randomImages(random, 24, repositories), fixture.Image{References: []string{used}, Created: daysAgo(50), Size: 1_000}))
		pullByDigest(ctx, e, fixture.Image{Created: daysAgo(40), Size: 10_000})
		use(ctx, e, "web", used)

		bash := shell(ctx, e, map[string]string{"docker": "docker.io"})
		typed := func(line string) string {
			GinkgoHelper()
			output, err := bash(line)
			Expect(err).NotTo(HaveOccurred(), "%s\n%s", line, output)
			return output
		}

		for _, flags := range []string{
			"no/such", "--keep 1 'team/*:*.1' debian", "--prefix old/ --exclude '*:*.0'", "--unused --keep 2 --minAge 10 --maxAge 5w", "--maxTags 1 --prefix team/",
			"'<none>' '*:<none>'", "--keep 1", "--unused",
		} {
			before := references(images(ctx, e))
			listed := strings.Fields(typed("dkr-ls tags " + flags + " --format '{{.Reference}}'"))
			Expect(before).To(ContainElements(listed), flags)
			typed(fmt.Sprintf(recipe, flags))
			gone := func(reference string) bool { return slices.Contains(listed, reference) }
			Expect(references(images(ctx, e))).To(Equal(slices.DeleteFunc(before, gone)), "dkr-ls tags %s", flags)
		}
		Expect(references(images(ctx, e))).To(Equal([]string{used}))
	})
})
