package integration_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/testcontainers/testcontainers-go"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

// `make image` builds the image, and then runs these specs alone.
var _ = Describe("the container image", Label("image"), Ordered, ContinueOnFailure, func() {
	const (
		image       = "dkr-ls"
		socketGroup = "4242"
	)
	var (
		e      engine
		volume string // with the engine's socket, docker.sock
	)

	BeforeAll(func(ctx SpecContext) {
		dockerOnly("Podman's service listens in one place only")
		volume = fmt.Sprintf("dkr-ls-socket-%d", time.Now().UnixNano())
		docker := suite.Host.client()
		DeferCleanup(func(ctx SpecContext) {
			_, err := docker.VolumeRemove(ctx, volume, client.VolumeRemoveOptions{})
			Expect(err).NotTo(HaveOccurred())
		})
		e = startEngine(ctx, testcontainers.WithMounts(testcontainers.VolumeMount(volume, "/socket")),
			testcontainers.WithCmdArgs("--host=unix:///socket/docker.sock", "--group="+socketGroup))
		e.load(ctx, []fixture.Image{
			{References: []string{"team/app:1", "team/app:2"}, Created: daysAgo(3), Size: 10_000},
			{Created: daysAgo(9), Size: 20_000},
		})
	})

	// runImage runs the image with the engine's socket where a container has it by README's -v.
	runImage := func(ctx SpecContext, user string, settings func(*container.HostConfig), args ...string) (status int, output string) {
		GinkgoHelper()
		return runToEnd(ctx, image,
			testcontainers.WithConfigModifier(func(config *container.Config) { config.User = user }),
			testcontainers.WithHostConfigModifier(func(config *container.HostConfig) {
				config.Binds = []string{volume + ":/var/run"}
				settings(config)
			}),
			testcontainers.WithCmd(args...),
		)
	}
	// hostShell is a shell whose docker is that of this machine.
	hostShell := func(ctx SpecContext) func(string) (string, error) {
		GinkgoHelper()
		return shell(ctx, e, map[string]string{"docker": "docker.io"}, func(command *exec.Cmd) {
			command.Env = append(command.Env, "DOCKER_HOST="+suite.Host.Address)
		})
	}
	inGroup := func(config *container.HostConfig) { config.GroupAdd = []string{socketGroup} }
	lockedDown := func(config *container.HostConfig) {
		inGroup(config)
		config.ReadonlyRootfs, config.NetworkMode = true, "none"
		config.CapDrop, config.SecurityOpt = []string{"ALL"}, []string{"no-new-privileges"}
	}

	DescribeTable("lists the engine's images, and nothing else", func(ctx SpecContext, user string, settings func(*container.HostConfig)) {
		status, output := runImage(ctx, user, settings, "tags")
		Expect(output).To(Equal(list(ctx, e)))
		Expect(strings.Split(output, "\n")).To(HaveLen(5), "a header and three rows")
		Expect(status).To(Equal(0))
	},
		Entry("in the socket's group", "", inGroup),
		Entry("read-only, without capabilities and without a network", "", lockedDown),
		Entry("as any user in the socket's group", "12345:12345", inGroup),
	)

	It("lists the engine's images through a proxy that lets only its requests through, as its page shows", func(ctx SpecContext) {
		name := strings.Replace(volume, "socket", "proxied", 1)
		bash := hostShell(ctx)
		docker := suite.Host.client()
		DeferCleanup(func(ctx SpecContext) {
			// A block that succeeds has removed these two itself.
			_, _ = docker.ContainerRemove(ctx, name+"-proxy", client.ContainerRemoveOptions{Force: true})
			_, _ = docker.NetworkRemove(ctx, name, client.NetworkRemoveOptions{})
			_, err := docker.ImageRemove(ctx, name, client.ImageRemoveOptions{})
			Expect(err).NotTo(HaveOccurred())
		}, NodeTimeout(cleanupTimeout))
		binary := buildForEngine("integration/socketproxy")
		output, err := bash(fmt.Sprintf(`tar -C %q -c socketproxy | docker import --change 'ENTRYPOINT ["/socketproxy"]' - %s`, filepath.Dir(binary), name))
		Expect(err).NotTo(HaveOccurred(), output)

		typed := strings.NewReplacer("/var/run/docker.sock:/var/run/docker.sock", volume+":/var/run", "tecnativa/docker-socket-proxy", name,
			"dkr-ls-proxy", name+"-proxy", "--internal dkr-ls", "--internal "+name, "--network dkr-ls", "--network "+name, "network rm dkr-ls", "network rm "+name,
		).Replace(blocks(page(docs+"docker.md"), "sh", "## Behind a proxy")[0])
		output, err = bash("set -e\n" + typed)
		Expect(err).NotTo(HaveOccurred(), output)
		Expect(output).To(ContainSubstring(list(ctx, e)))
		Expect(bash("docker ps --all --quiet --filter name=" + name + "; docker network ls --quiet --filter name=" + name)).To(BeEmpty())
	})

	It("runs as nobody, whom the socket's group keeps out", func(ctx SpecContext) {
		status, output := runImage(ctx, "", func(*container.HostConfig) {}, "tags")
		Expect(output).To(MatchRegexp(`\AError: [^\n]*permission denied[^\n]*\n\z`))
		Expect(status).To(Equal(1))
	})

	It("has one static binary and CA certificates, and says which version it is", func(ctx SpecContext) {
		inspected, err := suite.Host.client().ImageInspect(ctx, image)
		Expect(err).NotTo(HaveOccurred())
		Expect(inspected.Config.User).To(Equal("65534:0"))
		Expect(inspected.Config.Entrypoint).To(Equal([]string{"/dkr-ls"}))
		const oci = "org.opencontainers.image."
		Expect(inspected.Config.Labels).To(HaveKeyWithValue(oci+"title", "dkr-ls"))
		for _, label := range []string{"description", "vendor", "licenses", "source", "url", "created", "revision"} {
			Expect(inspected.Config.Labels).To(HaveKey(oci + label))
		}
		Expect(inspected.Size).To(BeNumerically("<", 12_000_000))
		output, err := hostShell(ctx)(`id=$(docker create dkr-ls) && docker export "$id" | tar -t | grep -v '/$'; docker rm "$id" >/dev/null`)
		Expect(err).NotTo(HaveOccurred(), output)
		ofEngine := []string{".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf"} // which every container has
		Expect(strings.Fields(output)).To(ConsistOf(append(ofEngine, "dkr-ls", "etc/ssl/certs/ca-certificates.crt")))

		version := inspected.Config.Labels[oci+"version"]
		Expect(version).NotTo(BeEmpty())
		_, output = runImage(ctx, "", func(*container.HostConfig) {}, "version")
		Expect(output).To(HavePrefix("dkr-ls " + version + " (commit "))
	})
})
