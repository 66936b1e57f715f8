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

// output is what a command prints in the repository's folder.
func output(name string, args ...string) (string, error) {
	command := exec.Command(name, args...) //nolint:noctx // at once
	command.Dir = root
	printed, err := command.Output()
	return string(printed), err
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
		folders[update.Ecosystem] = append(update.Directories, update.Directory)
	}
	return folders
}

// A dependency that Dependabot does not see keeps its faults.
var _ = DescribeTable("Dependabot sees every", func(ecosystem string, patterns ...string) {
	for _, file := range files(patterns...) {
		Expect(dependabot()[ecosystem]).To(ContainElement(WithTransform(func(pattern string) bool {
			matches, err := path.Match(path.Clean(pattern), path.Dir("/"+file)) // its * is one folder, as Match's
			return err == nil && matches
		}, BeTrue())), "%s, which .github/dependabot.yml leaves out", file)
	}
},
	Entry("module", "gomod", "go.mod", "*/go.mod"),
	Entry("action of ours", "github-actions", ".github/actions/*/action.yml"),
	Entry("Dockerfile of the project", "docker", "Dockerfile"),
	Entry("compose file of the project", "docker-compose", "hack/*compose.yaml"),
)
