package integration_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

// untold is what a run says on engines that do not tell which images are used.
const untold = "the engine does not report which images are in use; try: Docker 28.3 or later"

// tellsUse reports whether an engine's list says how many containers use an image.
func (e engine) tellsUse() bool { return e.speaks("1.51") || suite.Image.Podman }

// A toldReport is what an engine's list tells of images. hack/matrix reads it.
type toldReport struct{ Containers, UniqueSize bool }

func (r toldReport) String() string {
	return fmt.Sprintf("used by containers: %t, unique size: %t", r.Containers, r.UniqueSize)
}

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

// loadChain starts an engine with a chain of images: each has the layers of the one before it, and one more.
func loadChain(ctx SpecContext) engine {
	GinkgoHelper()
	e := startEngine(ctx)
	var all []fixture.Image
	for i, size := range []int64{1_000_000, 3_000_000, 7_000_000} {
		all = append(all, fixture.Image{References: []string{fmt.Sprintf("chain/%d:1", i), fmt.Sprintf("chain/%d:2", i)}, Created: daysAgo(i + 1), Size: size})
	}
	e.load(ctx, all)
	return e
}

var _ = Describe("--unused", func() {
	It("lists the images that no container uses, running or not", func(ctx SpecContext) {
		if !suite.Brief.tellsUse() {
			Skip(untold)
		}
		e := loadChain(ctx)
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
	// A line of JSON, as far as sizes go.
	type line struct {
		Repository string
		Containers *int64
		Unique     *int64 `json:"unique_size"`
		Total      *int64 `json:"total_unique_size"`
	}
	lines := func(ctx SpecContext, e engine, args ...string) (all []line) {
		GinkgoHelper()
		decoder := json.NewDecoder(strings.NewReader(list(ctx, e, append([]string{"--unique", "--format", "json"}, args...)...)))
		for decoder.More() {
			var l line
			Expect(decoder.Decode(&l)).To(Succeed())
			all = append(all, l)
		}
		return all
	}

	It("says N/A, and JSON null, what the engine does not report", func(ctx SpecContext) {
		all := lines(ctx, suite.Brief)
		Expect(all).To(HaveLen(len(suite.Images)))
		told := toldReport{all[0].Containers != nil, all[0].Unique != nil}
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

	It("adds the bytes that no other image has, by which --sort unique sorts and which --sum adds up", func(ctx SpecContext) {
		dockerOnly("Podman does not tell what images share")
		if !suite.Brief.speaks("1.42") {
			Skip("the engine does not tell what images share")
		}
		e := loadChain(ctx)
		all := lines(ctx, e, "--sum", "--sort", "unique", "--maxTags", "1")
		Expect(all).To(HaveLen(4))
		order := []string{"chain/0", "chain/1", "chain/2"} // the newest first
		unique := map[string]int64{}
		for _, repository := range order {
			unique[repository] = uniqueSize(ctx, e, repository)
		}
		slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(unique[b], unique[a]) })
		var total int64
		for i, l := range all[:3] {
			Expect(l.Repository).To(Equal(order[i]), "the largest unique size first")
			Expect(l.Unique).To(HaveValue(Equal(unique[l.Repository])))
			total += *l.Unique
		}
		Expect(all[3].Total).To(HaveValue(Equal(total)))
		if e.Store == fixture.GraphDriver { // the other store measures what the disk needs
			Expect(unique).To(Equal(map[string]int64{"chain/0": 0, "chain/1": 0, "chain/2": 4_000_000}))
		}
	})
})

// uniqueSize is that of the image of a repository, as the engine itself says it.
func uniqueSize(ctx SpecContext, e engine, repository string) int64 {
	GinkgoHelper()
	all, err := e.client().ImageList(ctx, client.ImageListOptions{SharedSize: true})
	Expect(err).NotTo(HaveOccurred())
	for _, image := range all.Items {
		if slices.Contains(image.RepoTags, repository+":1") {
			return image.Size - image.SharedSize
		}
	}
	Fail(repository + " is no image of the engine")
	return 0
}
