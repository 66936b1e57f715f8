package integration_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
	"github.com/dkr-ls/dkr-ls/lister"
)

// A listReport is what an engine's list reports of images. hack/matrix.sh reads it.
type listReport struct{ Containers, UniqueSize bool }

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
		reported := listReport{debian.Containers != nil, debian.Unique != nil}
		AddReportEntry("list", reported, ReportEntryVisibilityFailureOrVerbose)
		Expect(reported).To(Equal(listReport{Containers: suite.Brief.countsContainers(), UniqueSize: suite.Brief.speaks("1.42") && !suite.Image.Podman}))
		said := HaveSuffix("N/A")
		if reported.UniqueSize {
			said = MatchRegexp("[kMG]?B$")
		}
		found := strings.Split(strings.TrimSuffix(list(ctx, suite.Brief, "--unique"), "\n"), "\n")
		Expect(found).To(HaveLen(1 + len(suite.Images)))
		Expect(found[0]).To(HaveSuffix(" SIZE                UNIQUE SIZE"))
		Expect(found[1:]).To(HaveEach(said))
	})

	It("adds the bytes that deleting the image frees, but for what older containerd stores count of shared layers", func(ctx SpecContext) {
		dockerOnly("Podman does not report what images share")
		if !suite.Brief.speaks("1.42") {
			Skip("the engine does not report what images share")
		}
		const below, above, beside = 6_000_000, 2_000_000, 3_000_000
		e, now := startEngine(ctx), daysAgo(0).Truncate(time.Second)
		built := e.load(ctx, []fixture.Image{
			{References: []string{"base:1"}, Created: now, Layers: []int64{below}},
			{References: []string{"app:1"}, Created: now, Layers: []int64{below, above}},
			{References: []string{"job:1"}, Created: now, Layers: []int64{below, beside}},
			{References: []string{"first:1"}, Created: now},
		})
		remove := func(reference string) {
			GinkgoHelper()
			_, err := e.client().ImageRemove(ctx, reference, client.ImageRemoveOptions{})
			Expect(err).NotTo(HaveOccurred())
		}
		remove("first:1") // with which containerd collects what no image needs of the archive: its index.json

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
			remove(name + ":1")
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
