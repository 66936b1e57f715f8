package repository_test

import (
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var (
	// pinnedAction is an action by commit, with the release that it is of.
	pinnedAction = regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$`)
	// pinnedImage is an image by digest, with the tag that it had.
	pinnedImage = regexp.MustCompile(`^[a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}$`)
)

// lines are the first groups of what matches in a file, which has at least one.
func lines(name, pattern string) []string {
	GinkgoHelper()
	var found []string
	for _, match := range regexp.MustCompile(`(?m)`+pattern).FindAllStringSubmatch(content(name), -1) {
		found = append(found, match[1])
	}
	Expect(found).NotTo(BeEmpty(), "%s: %s", name, pattern)
	return found
}

// What a tag names may change. What runs with the project's secrets, or becomes its binaries, may not.
var _ = Describe("what comes from elsewhere", func() {
	It("is an action by its commit", func() {
		for _, workflow := range files(".github/workflows/*") {
			for _, action := range lines(workflow, `^\s*(?:- )?uses: (.*)$`) {
				if !strings.HasPrefix(action, "./") {
					Expect(action).To(MatchRegexp(pinnedAction.String()), workflow)
				}
			}
		}
	})

	It("is an image by its digest", func() {
		images := append(lines("hack/images/compose.yaml", `^ +image: (\S+)`), lines("Dockerfile", `^FROM .*\b(golang:\S+)`)...)
		for _, image := range images {
			Expect(image).To(MatchRegexp(pinnedImage.String()))
		}
	})

	It("is no image that a workflow names itself", func() {
		for _, file := range files(".github/workflows/*", "hack/e2e.sh", "integration/*.go") {
			for line := range strings.Lines(content(file)) {
				if strings.HasPrefix(strings.TrimSpace(line), "#") || strings.HasPrefix(strings.TrimSpace(line), "//") {
					continue
				}
				Expect(line).NotTo(MatchRegexp(`\b(docker|golang|moby/buildkit):[\d"$]`), "%s: hack/images is their home", file)
			}
		}
	})

	It("is a builder that is pinned as well", func() {
		for _, workflow := range files(".github/workflows/*") {
			for line := range strings.Lines(content(workflow)) {
				if strings.Contains(line, "buildx create") {
					Expect(line).To(ContainSubstring(`--driver-opt "image=$buildkit"`), workflow)
				}
			}
		}
	})
})
