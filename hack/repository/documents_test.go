package repository_test

import (
	"os"
	"path"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// anchor is how GitHub names a heading: lower case, with hyphens for spaces, without other marks.
func anchor(heading string) string {
	return strings.ReplaceAll(regexp.MustCompile(`[^\w\- ]`).ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}

var _ = It("documents link to what is there", func() {
	links := 0
	for _, name := range files("*.md", "cmd/dkr-ls/docs/*.md", ":!responses", ":!integration") {
		for _, link := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(content(name), -1) {
			target, fragment, _ := strings.Cut(link[1], "#")
			if strings.Contains(target, ":") {
				continue
			}
			links++
			target = path.Join(path.Dir(name), target)
			if link[1][0] == '#' {
				target = name
			}
			_, err := os.Stat(path.Join(root, target))
			Expect(err).NotTo(HaveOccurred(), "%s links to %s", name, link[1])
			if fragment != "" {
				var anchors []string
				for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(content(target), -1) {
					anchors = append(anchors, anchor(heading[1]))
				}
				Expect(anchors).To(ContainElement(fragment), "%s links to %s", name, link[1])
			}
		}
	}
	Expect(links).To(BeNumerically(">", 20))
})

var _ = Describe("hack/release-notes.sh", func() {
	notes := func(version string) (string, error) { return output("hack/release-notes.sh", version) }

	It("prints what the changelog says of a version", func() {
		Expect(notes("Unreleased")).To(And(HavePrefix("\n### Added"), HaveSuffix(".\n"), Not(ContainSubstring("## [")), Not(ContainSubstring("]: http"))))
	})

	It("fails on a version of which it says nothing", func() {
		_, err := notes("v9.9.9")
		Expect(err).To(HaveOccurred())
	})
})
