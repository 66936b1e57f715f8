// Package repository holds the specs of what the repository's files promise each other.
package repository_test

import (
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"go.yaml.in/yaml/v3"
)

func TestRepository(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "hack/repository")
}

const root = "../.."

// files are those of the repository that match one of git's patterns, tracked or to be.
func files(patterns ...string) []string {
	GinkgoHelper()
	args := append([]string{"-C", root, "ls-files", "--cached", "--others", "--exclude-standard", "--"}, patterns...)
	output, err := exec.Command("git", args...).Output() //nolint:noctx // at once
	Expect(err).NotTo(HaveOccurred())
	found := strings.Fields(string(output))
	Expect(found).NotTo(BeEmpty(), "files that match %v", patterns)
	return found
}

func content(name string) string {
	GinkgoHelper()
	data, err := os.ReadFile(path.Join(root, name))
	Expect(err).NotTo(HaveOccurred())
	return string(data)
}

// dependabot returns the patterns of the folders that Dependabot looks into, by ecosystem.
func dependabot() map[string][]string {
	GinkgoHelper()
	var config struct {
		Updates []struct {
			Ecosystem   string `yaml:"package-ecosystem"`
			Directory   string
			Directories []string
		}
	}
	Expect(yaml.Unmarshal([]byte(content(".github/dependabot.yml")), &config)).To(Succeed())
	folders := map[string][]string{}
	for _, update := range config.Updates {
		if update.Directory != "" {
			update.Directories = append(update.Directories, update.Directory)
		}
		folders[update.Ecosystem] = append(folders[update.Ecosystem], update.Directories...)
	}
	return folders
}

var _ = Describe("Dependabot", func() {
	DescribeTable("sees every", func(ecosystem string, patterns ...string) {
		var missed []string
		for _, file := range files(patterns...) {
			if folder := path.Dir("/" + file); !matchesAny(dependabot()[ecosystem], folder) {
				missed = append(missed, folder)
			}
		}
		Expect(missed).To(BeEmpty(), "folders that .github/dependabot.yml leaves out")
	},
		Entry("module", "gomod", "go.mod", "*/go.mod"),
		Entry("Dockerfile of the project", "docker", "Dockerfile"),
		Entry("compose file of the project", "docker-compose", "hack/*compose.yaml"),
	)

	It("names no folder that holds nothing", func() {
		var modules []string
		for _, file := range files("go.mod", "*/go.mod") {
			modules = append(modules, path.Dir("/"+file))
		}
		for _, pattern := range dependabot()["gomod"] {
			Expect(modules).To(ContainElement(WithTransform(func(folder string) bool {
				return matchesAny([]string{pattern}, folder)
			}, BeTrue())), pattern)
		}
	})
})

// matchesAny tells whether a folder matches one of Dependabot's patterns, whose * is one folder.
func matchesAny(patterns []string, folder string) bool {
	for _, pattern := range patterns {
		if matches, err := path.Match(path.Clean(pattern), folder); err == nil && matches {
			return true
		}
	}
	return false
}
