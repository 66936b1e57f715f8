package repository_test

import (
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// matches are the first groups of what matches in the files, which have at least one.
func matches(pattern string, names ...string) []string {
	GinkgoHelper()
	var found []string
	for _, name := range files(names...) {
		for _, match := range regexp.MustCompile(`(?m)`+pattern).FindAllStringSubmatch(content(name), -1) {
			found = append(found, match[1])
		}
	}
	Expect(found).NotTo(BeEmpty(), pattern)
	return found
}

// What a tag names may change. What runs with the project's secrets, or becomes its binaries, may not.
var _ = Describe("what comes from elsewhere", func() {
	workflows := []string{".github/workflows/*", ".github/actions/*"}

	It("is an action by its commit, with its release", func() {
		for _, action := range matches(`^\s*(?:- )?uses: ([^.].*)$`, workflows...) {
			Expect(action).To(MatchRegexp(`^[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$`))
		}
	})

	It("is an image by its digest, with its tag", func() {
		images := append(matches(`^ +image: (\S+)`, "hack/images/compose.yaml"), matches(`^FROM .*\b(golang:\S+)`, "Dockerfile")...)
		for _, image := range images {
			Expect(image).To(MatchRegexp(`^[a-z0-9./-]+:[\w.-]+@sha256:[0-9a-f]{64}$`))
		}
	})

	It("is no image that a workflow, a script or a spec names itself: hack/images is their home", func() {
		for _, file := range files(append(workflows, "hack/*.sh", "integration/*.go")...) {
			for line := range strings.Lines(content(file)) {
				code := strings.TrimSpace(line)
				if !strings.HasPrefix(code, "#") && !strings.HasPrefix(code, "//") {
					Expect(code).NotTo(MatchRegexp(`\b(docker|golang|moby/buildkit):[\d"$]`), file)
				}
			}
		}
	})

	It("is a builder that is pinned as well", func() {
		for _, line := range matches(`^(.*buildx create.*)$`, workflows...) {
			Expect(line).To(ContainSubstring(`--driver-opt "image=$buildkit"`))
		}
	})
})
