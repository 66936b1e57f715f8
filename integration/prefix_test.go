package integration_test

import (
	"fmt"
	"math/rand/v2"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

var _ = Describe("--prefix TEXT, for which the engine is asked", func() {
	It("gives what it gives where the engine is asked for all", func(ctx SpecContext) {
		dockerOnly("Podman is asked for all")
		if !suite.Brief.speaks("1.44") {
			Skip("the engine is asked for all, since it is older than Docker 25")
		}
		e := startEngine(ctx)
		random := rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), 0))
		names := []string{
			"nginx", "nginx-extra", "team1", "team1/app", "team1/app/sub", "team10/app", "a.b-c_d/e__f", "localhost:5000/team1/app",
			"registry.example.com/team1/app", "registry.example.com:5000/a/b/c/d", "docker.io/team1/hub", "deep/a", "deep" + strings.Repeat("/a", 24),
		}
		e.load(ctx, randomImages(random, 30, names))
		pullByDigest(ctx, e, fixture.Image{Created: daysAgo(40), Size: 10_000})
		version := fmt.Sprintf("1.%d", min(ours, minor(e.API)))
		bash := shell(ctx, e, nil)
		run := func(line string) string {
			GinkgoHelper()
			output, err := bash(line)
			Expect(err).NotTo(HaveOccurred(), line)
			return output
		}
		prefixes := []string{"", "<none>", "<", "nginx", "team1", "team1/", "localhost:5000", "localhost:5000/", "registry.example.com", "registry.example.com:5000/a/", "deep", "deep/a", "no/such", "[a]", "NGINX", "127.0.0.1"}
		for range 40 {
			flags := ""
			for range 1 + random.IntN(2) {
				prefix := prefixes[random.IntN(len(prefixes))]
				if random.IntN(2) == 0 {
					name := strings.TrimPrefix(names[random.IntN(len(names))], "docker.io/") // as it is listed
					prefix = name[:random.IntN(len(name))]
				}
				flags += " --prefix '" + prefix + "'"
			}
			flags += []string{"", " --keep 1", " --maxTags 1", " --digests --no-trunc", " -q", " -q --keep 1", " --format json", " --sum", " --unique --sum", " --format {{.UniqueSize}} --sort unique"}[random.IntN(10)]
			// Where the version is set, no ping tells what the engine can do, and it is asked for all.
			unfiltered := run("DOCKER_API_VERSION=" + version + " dkr-ls tags" + flags)
			Expect(run("dkr-ls tags"+flags)).To(Equal(unfiltered), flags)
		}
	})
})
