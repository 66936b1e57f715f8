package integration_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/docker/docker/api/types/versions"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

// untold is what a run says on engines that do not tell which images are used.
const untold = "the engine does not report which images are in use; try: Docker 28.3 or later"

// speaks reports whether an engine speaks this version of the API.
func (e engine) speaks(version string) bool { return versions.GreaterThanOrEqualTo(e.API, version) }

// tellsUse reports whether an engine's list says how many containers use an image.
func (e engine) tellsUse() bool { return e.speaks("1.51") || suite.Image.Podman }

// A toldReport is what an engine's list tells of images. hack/matrix.sh reads it.
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

var _ = Describe("what may be deleted", func() {
	// The images are a chain: each has the layers of the one before it, and one more.
	sizes := func() []int64 { return []int64{1_000_000, 3_000_000, 7_000_000} }
	load := func(ctx SpecContext) engine {
		GinkgoHelper()
		e := startEngine(ctx)
		var all []fixture.Image
		for i, size := range sizes() {
			all = append(all, fixture.Image{References: []string{fmt.Sprintf("chain/%d:1", i), fmt.Sprintf("chain/%d:2", i)}, Created: time.Now().UTC().AddDate(0, 0, -i-1), Size: size})
		}
		e.load(ctx, all)
		return e
	}

	It("is told as far as the engine knows it", func(ctx SpecContext) {
		e := load(ctx)
		var row struct {
			Containers *int64
			UniqueSize *int64 `json:"unique_size"`
		}
		first, _, _ := strings.Cut(table(dkrls(ctx, e.Host(), "tags", "--unique", "--format", "json")), "\n")
		Expect(json.Unmarshal([]byte(first), &row)).To(Succeed())
		told := toldReport{row.Containers != nil, row.UniqueSize != nil}
		AddReportEntry("told", told, ReportEntryVisibilityFailureOrVerbose)
		Expect(told).To(Equal(toldReport{Containers: e.tellsUse(), UniqueSize: e.speaks("1.42") && !suite.Image.Podman}))
	})

	It("is what no container uses, running or not, and no guess where the engine does not tell", func(ctx SpecContext) {
		e := load(ctx)
		listed := func(args ...string) []string {
			GinkgoHelper()
			return strings.Fields(table(dkrls(ctx, e.Host(), append([]string{"tags", "--unused", "--format", "{{.Repository}}"}, args...)...)))
		}
		remove := use(ctx, e, "chain/1:1")
		if !e.tellsUse() {
			session := dkrls(ctx, e.Host(), "tags", "--unused")
			Expect(session.ExitCode()).To(Equal(1))
			Expect(session.Out.Contents()).To(BeEmpty())
			Expect(string(session.Err.Contents())).To(ContainSubstring(untold))
			return
		}
		Expect(listed()).To(Equal([]string{"chain/0", "chain/0", "chain/2", "chain/2"}))
		Expect(listed("--prefix", "chain/1")).To(BeEmpty())
		Expect(listed("--exclude", "chain/0")).To(Equal([]string{"chain/2", "chain/2"}))
		Expect(listed("--keep", "1", "--minSize", "2MB")).To(BeEmpty())
		remove()
		Expect(listed("--maxTags", "1")).To(Equal([]string{"chain/0", "chain/1", "chain/2"}))
	})

	It("frees what no other image has", func(ctx SpecContext) {
		dockerOnly("Podman does not tell what images share")
		e := load(ctx)
		type line struct {
			Repository string
			Size       int64
			Unique     *int64 `json:"unique_size"`
			Total      *int64 `json:"total_unique_size"`
		}
		var lines []line
		decoder := json.NewDecoder(strings.NewReader(table(dkrls(ctx, e.Host(), "tags", "--unique", "--sum", "--sort", "unique", "--maxTags", "1", "--format", "json"))))
		for decoder.More() {
			var l line
			Expect(decoder.Decode(&l)).To(Succeed())
			lines = append(lines, l)
		}
		Expect(lines).To(HaveLen(4))
		if !e.speaks("1.42") {
			Expect(lines[0].Unique).To(BeNil())
			Expect(lines[3].Total).To(BeNil())
			return
		}
		order := []string{"chain/0", "chain/1", "chain/2"} // the newest first
		unique := map[string]int64{}
		for _, repository := range order {
			unique[repository] = uniqueSize(ctx, e, repository)
		}
		slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(unique[b], unique[a]) })
		var total int64
		for i, l := range lines[:3] {
			Expect(l.Repository).To(Equal(order[i]), "the largest unique size first")
			Expect(l.Unique).To(HaveValue(Equal(unique[l.Repository])))
			total += *l.Unique
		}
		Expect(lines[3].Total).To(HaveValue(Equal(total)))
		if e.Store == fixture.GraphDriver { // the other store measures what the disk needs
			Expect(unique).To(Equal(map[string]int64{"chain/0": 0, "chain/1": 0, "chain/2": sizes()[2] - sizes()[1]}))
		}
		Expect(table(dkrls(ctx, e.Host(), "tags", "--unique"))).To(MatchRegexp(`^REPOSITORY .* SIZE                UNIQUE SIZE\n`))
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
