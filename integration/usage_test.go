package integration_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
	"github.com/dkr-ls/dkr-ls/lister"
)

// untold is what a run says on engines that do not tell which images are used.
const untold = "the engine does not report which images are in use; try: Docker 28.3 or later, which speaks API 1.51, without a lower DOCKER_API_VERSION"

// tellsUse reports whether an engine's list says how many containers use an image.
func (e engine) tellsUse() bool { return e.speaks("1.51") || suite.Image.Podman }

// A toldReport is what an engine's list tells of images. hack/matrix.sh reads it.
type toldReport struct{ Containers, UniqueSize bool }

// use makes a container of an image, which is not started, and returns what removes it.
func use(ctx SpecContext, e engine, image string) (remove func()) {
	GinkgoHelper()
	created, err := e.client().ContainerCreate(ctx, client.ContainerCreateOptions{
		Config: &container.Config{Image: image, Cmd: []string{"/nothing"}}, HostConfig: &container.HostConfig{NetworkMode: "none"},
	})
	Expect(err).NotTo(HaveOccurred())
	return func() {
		GinkgoHelper()
		_, err := e.client().ContainerRemove(ctx, created.ID, client.ContainerRemoveOptions{})
		Expect(err).NotTo(HaveOccurred())
	}
}

var _ = Describe("--unused", func() {
	It("lists the images that no container uses, running or not", func(ctx SpecContext) {
		if !suite.Brief.tellsUse() {
			Skip(untold)
		}
		e := startEngine(ctx)
		var all []fixture.Image
		for i, size := range []int64{1_000_000, 3_000_000, 7_000_000} {
			all = append(all, fixture.Image{References: []string{fmt.Sprintf("chain/%d:1", i), fmt.Sprintf("chain/%d:2", i)}, Created: daysAgo(i + 1), Size: size})
		}
		e.load(ctx, all)
		listed := func(args ...string) []string {
			GinkgoHelper()
			return strings.Fields(list(ctx, e, append([]string{"--unused", "--format", "{{.Repository}}"}, args...)...))
		}
		remove := use(ctx, e, "chain/1:1")
		Expect(listed()).To(Equal([]string{"chain/0", "chain/0", "chain/2", "chain/2"}))
		Expect(listed("--prefix", "chain/1")).To(BeEmpty())
		Expect(listed("--exclude", "chain/0")).To(Equal([]string{"chain/2", "chain/2"}))
		Expect(listed("--keep", "1", "--minSize", "2MB")).To(BeEmpty())
		remove()
		Expect(listed("--maxTags", "1")).To(Equal([]string{"chain/0", "chain/1", "chain/2"}))
	})

	It("is an error where the engine does not report what containers use, never a guess", func(ctx SpecContext) {
		if suite.Brief.tellsUse() {
			Skip("this engine reports what containers use")
		}
		Expect(failure(run(ctx, on(suite.Brief.Host()), "tags", "--unused"))).To(HaveSuffix(": " + untold))
	})
})

var _ = Describe("--unique", func() {
	// A sizedRow is a line of JSON, as far as sizes go.
	type sizedRow struct {
		Repository string
		Size       int64
		Containers *int64
		Shared     *int64 `json:"shared_size"`
		Unique     *int64 `json:"unique_size"`
	}
	sized := func(ctx SpecContext, e engine) map[string]sizedRow {
		GinkgoHelper()
		all := map[string]sizedRow{}
		decoder := json.NewDecoder(strings.NewReader(list(ctx, e, "--unique", "--format", "json")))
		for decoder.More() {
			var row sizedRow
			Expect(decoder.Decode(&row)).To(Succeed())
			all[row.Repository] = row
		}
		return all
	}

	It("says N/A, and JSON null, what the engine does not report", func(ctx SpecContext) {
		debian := sized(ctx, suite.Brief)["debian"]
		told := toldReport{debian.Containers != nil, debian.Unique != nil}
		AddReportEntry("told", told, ReportEntryVisibilityFailureOrVerbose)
		Expect(told).To(Equal(toldReport{Containers: suite.Brief.tellsUse(), UniqueSize: suite.Brief.speaks("1.42") && !suite.Image.Podman}))
		said := HaveSuffix("N/A")
		if told.UniqueSize {
			said = MatchRegexp("[kMG]?B$")
		}
		found := strings.Split(strings.TrimSuffix(list(ctx, suite.Brief, "--unique"), "\n"), "\n")
		Expect(found).To(HaveLen(1 + len(suite.Images)))
		Expect(found[0]).To(HaveSuffix(" SIZE                UNIQUE SIZE"))
		Expect(found[1:]).To(HaveEach(said))
	})

	It("adds the bytes that deleting the image frees, but for what older containerd stores count of shared layers", func(ctx SpecContext) {
		dockerOnly("Podman does not tell what images share")
		if !suite.Brief.speaks("1.42") {
			Skip("the engine does not tell what images share")
		}
		const below, above, beside = 6_000_000, 2_000_000, 3_000_000
		e, now := startEngine(ctx), daysAgo(0).Truncate(time.Second)
		built := e.load(ctx, []fixture.Image{
			{References: []string{"base:1"}, Created: now, Layers: []int64{below}},
			{References: []string{"app:1"}, Created: now, Layers: []int64{below, above}},
			{References: []string{"job:1"}, Created: now, Layers: []int64{below, beside}},
		})

		all := sized(ctx, e)
		Expect(all).To(HaveLen(3))
		for name, row := range all {
			Expect(list(ctx, e, "--prefix", name, "--format", "{{.UniqueSize}} {{.SharedSize}}")).To(Equal(
				lister.HumanSize(*row.Unique, 3)+" "+lister.HumanSize(*row.Shared, 3)+"\n"), "whatever the prefix")
		}
		// Such a store takes none of what is packed for shared, before moby/moby#52482.
		packed := built[0].Packed()
		counted := e.Store == fixture.Containerd && *all["base"].Shared < below+packed

		for _, name := range []string{"app", "job", "base"} {
			shown, before := sized(ctx, e)[name], e.stored(ctx)
			_, err := e.client().ImageRemove(ctx, name+":1", client.ImageRemoveOptions{})
			Expect(err).NotTo(HaveOccurred())
			freed := before - e.stored(ctx)
			AddReportEntry("freed", fmt.Sprintf("%s: unique size %d, freed %d, of %d", name, *shown.Unique, freed, shown.Size), ReportEntryVisibilityAlways)
			if counted && *shown.Shared > 0 {
				*shown.Unique -= packed
			}
			Expect(freed).To(Equal(*shown.Unique), name)
		}
		Expect(e.stored(ctx)).To(BeZero())
	})
})

// stored returns how many bytes of the engine's disk hold images, as its stores count them: a graph driver the
// files of layers, containerd what is packed, and the blocks of what is unpacked, folders too.
func (e engine) stored(ctx SpecContext) (bytes int64) {
	GinkgoHelper()
	const list = "find /var/lib/docker -exec stat -c '%s %b %n' {} +"
	command := exec.CommandContext(ctx, installed(ctx, "docker", "docker.io"), "--host", suite.Host.Address, "exec", e.Container, "sh", "-c", list)
	output, err := command.Output()
	Expect(err).NotTo(HaveOccurred())
	packed, unpacked := regexp.MustCompile(`/blobs/sha256/`), regexp.MustCompile(`/snapshots/\d+/fs(/|$)`)
	layers := regexp.MustCompile(`/overlay2/[0-9a-f]{64}/diff/`)
	for line := range strings.Lines(string(output)) {
		var size, blocks int64
		var path string
		_, err := fmt.Sscan(line, &size, &blocks, &path)
		Expect(err).NotTo(HaveOccurred(), line)
		switch {
		case packed.MatchString(path), layers.MatchString(path):
			bytes += size
		case unpacked.MatchString(path):
			bytes += 512 * blocks
		}
	}
	return bytes
}
