package integration_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

var _ = Describe("a listing for which the engine filters by name or prefix", func() {
	It("is the same as where dkr-ls filters all images itself", func(ctx SpecContext) {
		dockerOnly("Podman is asked for all")
		if !suite.Brief.speaks("1.44") {
			Skip("the engine is asked for all, since it is older than Docker 25")
		}
		e := startEngine(ctx)
		random := rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), 0))
		one := func(texts ...string) string { return texts[random.IntN(len(texts))] }
		names := []string{
			"nginx", "nginx-extra", "team1", "team1/app", "team1/app/sub", "team10/app", "a.b-c_d/e__f", "localhost:5000/team1/app",
			"registry.example.com/team1/app", "registry.example.com:5000/a/b/c/d", "docker.io/team1/hub", "deep/a", "deep" + strings.Repeat("/a", 24),
		}
		all := randomImages(random, 30, names)
		e.load(ctx, all)
		pullByDigest(ctx, e, fixture.Image{Created: daysAgo(40), Size: 10_000})
		references := []string{"no/such", "nginx:0.0", "docker.io/library/nginx", pulledRepository, "team1:*", "nginx:?.0", "team1/app:<none>", "team1/*", "team1/*:*.0", "t*/app", "localhost:5*", "deep/a/?/*", "registry.example.com:5000/*:<none>"}
		for _, image := range all {
			references = append(references, image.References...)
		}
		prefixes := []string{"<none>", "<", "nginx", "team1", "team1/", "localhost:5000", "localhost:5000/", "registry.example.com", "registry.example.com:5000/a/", "deep", "deep/a", "no/such", "[a]", "NGINX", "127.0.0.1"}
		prefix := func() string {
			if random.IntN(2) == 0 {
				name := strings.TrimPrefix(one(names...), "docker.io/") // as it is listed
				return name[:1+random.IntN(len(name)-1)]
			}
			return one(prefixes...)
		}

		version := fmt.Sprintf("1.%d", min(ours, minor(e.API)))
		bash := shell(ctx, e, nil)
		typed := func(line string) string {
			GinkgoHelper()
			output, err := bash(line)
			Expect(err).NotTo(HaveOccurred(), line)
			return output
		}
		for range 60 {
			line := one("dkr-ls tags", "dkr-ls repos") + one("", "", " --format json", " --format '{{.Repository}} {{.Size}}'")
			patterns := append(names, prefixes[0], pulledRepository, "team?", "nginx*", "127.0.*") //nolint:gocritic // of which repos takes no tags
			if strings.HasPrefix(line, "dkr-ls tags") {
				line = "dkr-ls tags" + one("", " --keep 1", " --maxTags 1", " --digests --no-trunc", " -q", " -q --keep 1", " -q --exclude nginx", " --exclude '*:*.0'",
					" --format json", " --sum", " --unused", " --unique --sum", " --format {{.UniqueSize}} --sort unique", " --format '{{.ID}} {{.UsedBy}}'")
				patterns = append(patterns, references...)
				for range random.IntN(3) {
					line += " --prefix '" + prefix() + "'"
				}
			}
			for range random.IntN(4) {
				line += " '" + one(patterns...) + "'"
			}
			// Where the version is set, no ping tells what the engine can do, and it is asked for all.
			Expect(typed(line)).To(Equal(typed("DOCKER_API_VERSION="+version+" "+line)), line)
		}
	})
})
