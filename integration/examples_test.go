package integration_test

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/docker/go-units"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

// The examples are files in testdata: NAME.cmd is the command line, NAME.txt
// is what it prints.
var _ = Describe("the six examples", func() {
	prints := func(ctx SpecContext, name string) {
		if name == "tags-minAge-minSize" {
			dockerOnly("to Podman, an image is as big as its layers' archives, in which the zeros of the suite's files are not")
		}
		Expect(table(run(ctx, on(suite.Brief.Host()), exampleArgs(name)...))).To(Equal(expectedTable(ctx, name)))
	}
	DescribeTable("print their table and nothing else", prints,
		func(name string) string { return strings.Join(exampleArgs(name), " ") },
		Entry(nil, "repos"),
		Entry(nil, "tags"),
		Entry(nil, "tags-prefix"),
		Entry(nil, "tags-maxTags-sum"),
		Entry(nil, "tags-minAge-minSize"),
	)

	It("reject a flag that repos does not have: repos --maxTags 3", func(ctx SpecContext) {
		session := run(ctx, on(suite.Brief.Host()), exampleArgs("repos-maxTags")...)
		expected, _, _ := strings.Cut(testdata("repos-maxTags.txt"), "...")
		Expect(string(session.Err.Contents())).To(HavePrefix(expected))
		Expect(session.Out.Contents()).To(BeEmpty(), "stdout")
		Expect(session).To(gexec.Exit(2))
	})
})

// exampleArgs returns an example's arguments. They need no quoting.
func exampleArgs(name string) []string {
	return strings.Fields(testdata(name + ".cmd"))[1:]
}

func testdata(file string) string {
	GinkgoHelper()
	content, err := os.ReadFile(filepath.Join("testdata", file))
	Expect(err).NotTo(HaveOccurred())
	return string(content)
}

// expectExample holds a run of `dkr-ls tags` against what it prints on the shared engine.
func expectExample(ctx SpecContext, session *gexec.Session) {
	GinkgoHelper()
	Expect(table(session)).To(Equal(expectedTable(ctx, "tags")))
}

// Where the cells of the examples' tables start, in bytes.
const (
	idColumn      = 99
	createdColumn = 119
	sizeColumn    = 139
)

// expectedTable returns what an example prints on the shared engine. That is
// the example's text, byte for byte, but for the image IDs: nobody can make
// content that has a given ID, so the IDs of the fixture stand in their place.
// A containerd store and Podman measure sizes in their own way, so there they are the engine's own.
func expectedTable(ctx SpecContext, name string) string {
	GinkgoHelper()
	built := builtByExampleID()
	ownSizes := suite.Brief.Store == fixture.Containerd || suite.Image.Podman
	sizes := map[string]int64{}
	for _, image := range images(ctx, suite.Brief) {
		sizes[image.ID] = image.Size
	}

	var sum int64
	lines := strings.Split(testdata(name+".txt"), "\n")
	for i, line := range lines {
		if len(line) < sizeColumn || strings.HasPrefix(line, "REPOSITORY") {
			continue
		}
		size := line[sizeColumn:]
		if strings.HasPrefix(line[createdColumn:], "TOTAL") {
			if ownSizes {
				size = units.HumanSizeWithPrecision(float64(sum), 4)
			}
			lines[i] = line[:sizeColumn] + size
			continue
		}
		exampleID := line[idColumn : idColumn+12]
		Expect(built).To(HaveKey(exampleID))
		id := built[exampleID].ID(suite.Brief.Store)
		sum += sizes[id]
		if ownSizes {
			size = units.HumanSizeWithPrecision(float64(sizes[id]), 3)
		}
		lines[i] = line[:idColumn] + shortID(id) + line[idColumn+12:sizeColumn] + size
	}
	return strings.Join(lines, "\n")
}

// builtByExampleID pairs the IDs in the examples with the fixture's images:
// both list the same images, newest first.
func builtByExampleID() map[string]fixture.Built {
	GinkgoHelper()
	lines := strings.Split(strings.TrimSpace(testdata("tags.txt")), "\n")[1:]
	Expect(lines).To(HaveLen(len(suite.Images)))
	built := map[string]fixture.Built{}
	for i, line := range lines {
		built[line[idColumn:idColumn+12]] = suite.Images[i]
	}
	return built
}
