package integration_test

import (
	"os"
	"regexp"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

// elsewhere are the beginnings of README's lines that something else runs, or that only a person can.
var elsewhere = []string{
	"go run ./cmd/dkr-ls tags",                                 // hack/e2e.sh
	"make ",                                                    // .ci/run and the workflows
	"docker build", "docker run", "--group-add", "--read-only", // hack/image-check.sh
	"mkdir -p ~/.docker/cli-plugins", // the specs of the plugin
}

var _ = Describe("README", func() {
	It("has lines that work as they are", func(ctx SpecContext) {
		readme, err := os.ReadFile("../README.md")
		Expect(err).NotTo(HaveOccurred())
		e := startEngine(ctx)
		e.load(ctx, []fixture.Image{
			{References: []string{"old/app:1", "old/app:2"}, Created: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), Size: 1_000},
			{References: []string{"undated:1"}, Size: 2_000},
		})
		bash := shell(ctx, e, map[string]string{"docker": "docker.io", "jq": "jq"})

		printed := map[string]string{}
		for _, block := range regexp.MustCompile("(?s)\n```sh\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
			for line := range strings.Lines(block[1]) {
				line = strings.TrimSpace(line)
				if startsWithAny(line, elsewhere) {
					continue
				}
				output, err := bash(line)
				if strings.Contains(line, "--unused") && !e.tellsUse() {
					Expect(output).To(ContainSubstring(untold), line)
					continue
				}
				Expect(err).NotTo(HaveOccurred(), "%s\n%s", line, output)
				typed, _, _ := strings.Cut(line, "  ") // without the comment
				printed[typed] = output
			}
		}
		Expect(printed).To(HaveKeyWithValue(HavePrefix("dkr-ls tags --format json | jq"), MatchRegexp(`^(sha256:[0-9a-f]{64}\n){2}$`)), "one row a tag, none of the undated")
		Expect(printed).To(HaveKey(HaveSuffix("| xargs -r docker rmi --")))
		Expect(images(ctx, e)).To(HaveLen(2), "five tags of each repository are kept")
	})
})

func startsWithAny(line string, beginnings []string) bool {
	for _, beginning := range beginnings {
		if strings.HasPrefix(line, beginning) {
			return true
		}
	}
	return false
}
