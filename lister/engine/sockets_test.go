//go:build unix

package engine_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
	"github.com/dkr-ls/dkr-ls/lister/engine"
)

var _ = Describe("the socket", func() {
	DescribeTable("of another engine is what to try where nothing answers at the default one", func(ctx SpecContext, path string) {
		home, err := os.MkdirTemp("", "h") // short, as the paths of sockets must be
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(os.RemoveAll, home)
		ep := locate(endpoint.Options{}, map[string]string{"HOME": home, "XDG_RUNTIME_DIR": home + "/run"})
		sockets := ep.Sockets
		ep.Sockets = nil
		for _, socket := range sockets {
			if strings.HasPrefix(socket, home) { // not one of this machine
				ep.Sockets = append(ep.Sockets, socket)
			}
		}

		path = filepath.Join(home, path)
		Expect(os.MkdirAll(filepath.Dir(path), 0o700)).To(Succeed())
		Expect(os.WriteFile(path, nil, 0o600)).To(Succeed())
		Expect(engine.Explain(ctx, ep, connecting(syscall.ENOENT))).To(MatchError(HaveSuffix("; try: starting the engine, or --host for another address")), "a file")
		Expect(os.Remove(path)).To(Succeed())
		listener, err := new(net.ListenConfig).Listen(ctx, "unix", path)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(listener.Close)
		for _, number := range []syscall.Errno{syscall.ENOENT, syscall.ECONNREFUSED, syscall.EACCES} {
			Expect(engine.Explain(ctx, ep, connecting(number))).To(MatchError(And(
				HavePrefix("the engine at unix:///var/run/docker.sock (chosen by default): "), HaveSuffix("; try: --host unix://"+path))))
		}
	},
		Entry("rootless Docker", "run/docker.sock"),
		Entry("Podman", "run/podman/podman.sock"),
		Entry("Docker Desktop on macOS", ".docker/run/docker.sock"),
		Entry("Docker Desktop on Linux", ".docker/desktop/docker.sock"),
		Entry("OrbStack", ".orbstack/run/docker.sock"),
		Entry("Rancher Desktop", ".rd/docker.sock"),
		Entry("Colima", ".colima/default/docker.sock"),
		Entry("Colima by another profile", ".colima/dev/docker.sock"),
		Entry("Colima in its other folder", ".config/colima/default/docker.sock"),
		Entry("Lima", ".lima/docker/sock/docker.sock"),
		Entry("Lima by another name", ".lima/docker-rootful/sock/docker.sock"),
	)

	DescribeTable("is no folder or file, which errors tell apart", func(ctx SpecContext, put func(path string) error, message string) {
		path := filepath.Join(GinkgoT().TempDir(), "docker.sock")
		Expect(put(path)).To(Succeed())
		_, err := images(ctx, "unix://"+path)
		Expect(err).To(MatchError("the engine at unix://" + path + " (chosen by --host): " + message))
	},
		Entry("a folder", func(path string) error { return os.Mkdir(path, 0o700) },
			"it is a folder and not a socket; try: removing that folder, which docker run -v has made, and starting the engine"),
		Entry("a file", func(path string) error { return os.WriteFile(path, nil, 0o600) },
			"it is not a socket; try: the path of the engine's socket"),
		Entry("nothing", func(string) error { return nil },
			"there is no such socket; try: starting the engine, or --host for another address"),
	)

	It("whose folder does not have a socket's name is not to be removed", func(ctx SpecContext) {
		_, err := images(ctx, "unix://"+GinkgoT().TempDir())
		Expect(err).To(MatchError(HaveSuffix("it is not a socket; try: the path of the engine's socket")))
	})
})
