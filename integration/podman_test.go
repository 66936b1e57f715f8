package integration_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

// startPodman starts Podman's Docker-compatible API on a socket, with storage of its own that ends
// with the spec, and loads images. It returns the socket's path.
func startPodman(ctx SpecContext, loaded ...fixture.Image) (socket string) {
	GinkgoHelper()
	podman := installed(ctx, "podman", "podman")
	if os.Geteuid() != 0 {
		installed(ctx, "newuidmap", "uidmap")
	}
	dir, err := os.MkdirTemp("", "podman")
	Expect(err).NotTo(HaveOccurred())
	socket = filepath.Join(dir, "podman.sock")
	storage := []string{
		"--root", filepath.Join(dir, "root"), "--runroot", filepath.Join(dir, "run"), "--tmpdir", filepath.Join(dir, "tmp"),
		"--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", "--events-backend", "none",
	}
	config := filepath.Join(dir, "containers.conf")
	Expect(os.WriteFile(config, []byte("[engine]\nlock_type = \"file\"\n"), 0o600)).To(Succeed())
	command := func(ctx context.Context, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, podman, append(storage, args...)...)
		// Or it leaves /tmp/podman-run-UID, and its locks in /dev/shm.
		cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir, "CONTAINERS_CONF="+config)
		return cmd
	}
	DeferCleanup(func(ctx SpecContext) {
		if os.Geteuid() != 0 {
			// What it has unpacked belongs to IDs of its user namespace, which a process holds.
			output, err := command(ctx, "unshare", "rm", "-rf", filepath.Join(dir, "root")).CombinedOutput()
			Expect(err).NotTo(HaveOccurred(), string(output))
			output, err = command(ctx, "system", "migrate").CombinedOutput()
			Expect(err).NotTo(HaveOccurred(), string(output))
		}
		Expect(os.RemoveAll(dir)).To(Succeed())
	})
	// Root's cache is there, whatever the flags say.
	const cache = "/var/lib/containers/cache"
	if _, err := os.Stat(cache); os.Geteuid() == 0 && os.IsNotExist(err) {
		DeferCleanup(func() {
			Expect(os.RemoveAll(cache)).To(Succeed())
			_ = os.Remove(filepath.Dir(cache)) // where it is empty now
		})
	}

	if output, err := command(ctx, "info").CombinedOutput(); err != nil {
		unavailable(fmt.Sprintf("podman does not run here: %v\n%s", err, output))
	}

	archive, err := fixture.Build(runtime.GOARCH, loaded)
	Expect(err).NotTo(HaveOccurred())
	var content bytes.Buffer
	_, err = archive.WriteTo(&content)
	Expect(err).NotTo(HaveOccurred())
	load := command(ctx, "load")
	load.Stdin = &content
	output, err := load.CombinedOutput()
	Expect(err).NotTo(HaveOccurred(), string(output))

	service := command(context.WithoutCancel(ctx), "system", "service", "--time=0", "unix://"+socket) // ended below
	session, err := gexec.Start(service, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx SpecContext) {
		session.Terminate()
		Eventually(session).WithContext(ctx).Should(gexec.Exit())
	})
	Eventually(ctx, func() error {
		connection, err := net.Dial("unix", socket) //nolint:noctx // at once
		if err == nil {
			err = connection.Close()
		}
		return err
	}).WithTimeout(startTimeout).Should(Succeed())
	return socket
}

// throughSocket is a handler that asks an engine on a Unix socket.
func throughSocket(socket string) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: "http", Host: "podman"}) },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		}},
	}
}

var _ = Describe("Podman's Docker-compatible socket", func() {
	It("is an engine as well", func(ctx SpecContext) {
		daysAgo := func(days int) time.Time { return time.Now().UTC().AddDate(0, 0, -days) }
		socket := startPodman(ctx,
			fixture.Image{References: []string{"registry.example/team/app:1", "localhost:5000/tools:latest"}, Created: daysAgo(3), Size: 1_000_000},
			fixture.Image{References: []string{"quay.example/debian:12"}, Created: daysAgo(40), Size: 2_000_000},
			fixture.Image{References: []string{"nginx:latest"}, Created: daysAgo(50), Size: 3_000_000},
		)
		podman := &recorder{Handler: throughSocket(socket)}
		e := engine{Address: serve(podman)}

		By("with the rows of its own list")
		listed := table(run(ctx, on("unix://"+socket), "tags"))
		var expected []row
		for _, image := range images(ctx, e) {
			expected = append(expected, rowsOf(image)...)
		}
		Expect(expected).To(HaveLen(4))
		for i := range expected { // dkr-ls shows familiar names, as docker does
			expected[i].Repository = strings.TrimPrefix(expected[i].Repository, "docker.io/library/")
		}
		Expect(rows(listed)).To(ConsistOf(expected))
		podman.Requests()

		By("with no other requests than to Docker's engine")
		Expect(table(run(ctx, on(e.Host()), "tags"))).To(Equal(listed))
		for _, request := range podman.Requests() {
			Expect(request).To(MatchRegexp(harmless.String()))
		}
	})
})
