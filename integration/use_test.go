package integration_test

import (
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

// countsContainers reports whether an engine's list of images says how many containers use each, and can be
// believed: Podman's number misses those of a name that has moved.
func (e engine) countsContainers() bool { return e.speaks("1.51") && !suite.Image.Podman }

// use makes a container of an image. It is not started: the suite's engines lack the privileges to run any.
func use(ctx SpecContext, e engine, name, image string) {
	GinkgoHelper()
	_, err := e.client().ContainerCreate(ctx, client.ContainerCreateOptions{
		Name: name, Config: &container.Config{Image: image, Cmd: []string{"/nothing"}}, HostConfig: &container.HostConfig{NetworkMode: "none"},
	})
	Expect(err).NotTo(HaveOccurred())
}

var _ = Describe("--unused, {{.Containers}} and {{.UsedBy}}", Ordered, ContinueOnFailure, func() {
	var (
		e     engine
		built []fixture.Built
	)
	listed := func(ctx SpecContext, args ...string) []string {
		GinkgoHelper()
		lines := strings.Split(strings.TrimSuffix(list(ctx, e, args...), "\n"), "\n")
		slices.Sort(lines)
		return lines
	}

	BeforeAll(func(ctx SpecContext) {
		e = startEngine(ctx)
		var all []fixture.Image
		for i, references := range [][]string{{"named:1"}, {"two:1", "two:2"}, {"by-id:1", "by-id:2"}, {"moved:1"}, {"free:1", "free:2"}} {
			all = append(all, fixture.Image{References: references, Created: daysAgo(i + 1), Size: int64(i+1) * 1_000_000})
		}
		built = e.load(ctx, all)
		use(ctx, e, "web", "named:1")
		use(ctx, e, "db", "docker.io/library/named:1")
		use(ctx, e, "second-name", "two:2")
		use(ctx, e, "id", built[2].ID(e.Store))
		use(ctx, e, "before", "moved:1")
		_, err := e.client().ImageTag(ctx, client.ImageTagOptions{Source: "free:2", Target: "moved:1"})
		Expect(err).NotTo(HaveOccurred())
	})

	It("show the containers of an image, whichever of its names they were made from", func(ctx SpecContext) {
		moved := "moved:1 0 " // Docker no longer reports that a container was made from a name that is another image's by now
		if suite.Image.Podman {
			moved = "moved:1 1 before"
		}
		Expect(listed(ctx, "--format", "{{.Reference}} {{.Containers}} {{.UsedBy}}")).To(ConsistOf(
			"by-id:1 1 id", "by-id:2 1 id", "free:1 0 ", "free:2 0 ", moved,
			"named:1 2 db,web", "two:1 1 second-name", "two:2 1 second-name", built[3].ID(e.Store)+" 1 before"))
	})

	It("show their number alone, too", func(ctx SpecContext) {
		Expect(listed(ctx, "--format", "{{.Repository}} {{.Containers}}", "named", "two", "<none>", "free")).To(Equal(
			[]string{"<none> 1", "free 0", "free 0", "named 2", "two 1", "two 1"}))
	})

	It("offer no name of an image that has a container", func(ctx SpecContext) {
		offered := []string{"free:1", "free:2", "moved:1"} // Docker no longer reports who was made from a name that has moved
		if suite.Image.Podman {
			offered = offered[:2]
		}
		Expect(listed(ctx, "--unused", "--format", "{{.Reference}}")).To(Equal(offered))
		Expect(listed(ctx, "--unused", "--format", "{{.Reference}}", "--keep", "1", "free", "two")).To(Equal([]string{""}), "both as old")
		Expect(listed(ctx, "--unused", "--format", "{{.Reference}}", "--exclude", "*:1")).To(Equal([]string{"free:2"}))
		Expect(listed(ctx, "--unused", "--quiet", "named", "two", "<none>")).To(Equal([]string{""}))
	})

	It("know a container that runs, on this machine's own engine", func(ctx SpecContext) {
		inspected, err := suite.Host.client().ContainerInspect(ctx, suite.Brief.Container, client.ContainerInspectOptions{})
		Expect(err).NotTo(HaveOccurred())
		name, _, _ := strings.Cut(suite.Image.Name, "@")
		printed := table(run(ctx, on(suite.Host.Address), "tags", name, "--format", "{{.UsedBy}}"))
		Expect(strings.FieldsFunc(printed, func(r rune) bool { return strings.ContainsRune(",\n", r) })).To(
			ContainElement(strings.TrimPrefix(inspected.Container.Name, "/")))
		Expect(table(run(ctx, on(suite.Host.Address), "tags", name, "--unused", "--quiet"))).To(BeEmpty())
	})
})
