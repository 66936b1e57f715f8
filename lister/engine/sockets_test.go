//go:build unix

package engine_test

import (
	"context"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/engine"
)

var _ = Describe("the sockets of other engines", func() {
	DescribeTable("are never looked for in the working folder", func(variables map[string]string) {
		Expect(engine.OtherSockets(env(variables))).To(HaveEach(HavePrefix("/")))
	},
		Entry("without any variable", map[string]string{}),
		Entry("with relative variables", map[string]string{"XDG_RUNTIME_DIR": ".", "HOME": "home", "XDG_CONFIG_HOME": "config"}),
	)

	// listen makes a socket at path.
	listen := func(ctx context.Context, path string) {
		GinkgoHelper()
		Expect(os.MkdirAll(filepath.Dir(path), 0o700)).To(Succeed())
		listener, err := new(net.ListenConfig).Listen(ctx, "unix", path)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(listener.Close)
	}

	DescribeTable("are what to try where nothing answers at the default one", func(ctx SpecContext, path string) {
		home, err := os.MkdirTemp("", "h") // short, as the paths of sockets must be
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(os.RemoveAll, home)
		listen(ctx, filepath.Join(home, path))
		var sockets []string
		for _, socket := range engine.OtherSockets(env(map[string]string{"HOME": home, "XDG_RUNTIME_DIR": home + "/run"})) {
			if strings.HasPrefix(socket, home) { // not one of this machine
				sockets = append(sockets, socket)
			}
		}
		ep := engine.WithSockets(at("unix:///var/run/docker.sock"), sockets...)
		for _, number := range []syscall.Errno{syscall.ENOENT, syscall.ECONNREFUSED, syscall.EACCES} {
			Expect(engine.Explain(ctx, ep, dialing("unix", os.NewSyscallError("connect", number)))).To(
				MatchError(HaveSuffix("; try: --host unix://" + filepath.Join(home, path))))
		}
	},
		Entry("of rootless Docker", "run/docker.sock"),
		Entry("of Podman", "run/podman/podman.sock"),
		Entry("of Docker Desktop on macOS", ".docker/run/docker.sock"),
		Entry("of Docker Desktop on Linux", ".docker/desktop/docker.sock"),
		Entry("of OrbStack", ".orbstack/run/docker.sock"),
		Entry("of Rancher Desktop", ".rd/docker.sock"),
		Entry("of Colima", ".colima/default/docker.sock"),
		Entry("of Colima by another profile", ".colima/dev/docker.sock"),
		Entry("of Colima in its other folder", ".config/colima/default/docker.sock"),
		Entry("of Lima", ".lima/docker/sock/docker.sock"),
		Entry("of Lima by another name", ".lima/docker-rootful/sock/docker.sock"),
	)

	It("are looked for in the home folder that the password file has, where HOME is not set", func() {
		if _, err := user.Current(); err != nil {
			Skip("this user has no entry there")
		}
		Expect(engine.OtherSockets(env(nil))).To(ContainElement(HaveSuffix("/.orbstack/run/docker.sock")))
	})

	DescribeTable("are no folders and files, which are told apart", func(ctx SpecContext, put func(path string) error, message string) {
		path := filepath.Join(GinkgoT().TempDir(), "docker.sock")
		Expect(put(path)).To(Succeed())
		_, err := images(ctx, "unix://"+path)
		Expect(err).To(MatchError("the engine at unix://" + path + " (chosen by --host): " + message))
	},
		Entry("a folder", func(path string) error { return os.Mkdir(path, 0o700) },
			"it is a folder and not a socket; try: removing that folder, which docker run -v has made, and starting the engine"),
		Entry("a file", func(path string) error { return os.WriteFile(path, nil, 0o600) },
			"it is a file and not a socket; try: the path of the engine's socket"),
		Entry("a FIFO", func(path string) error { return syscall.Mkfifo(path, 0o600) },
			"it is a FIFO and not a socket; try: the path of the engine's socket"),
		Entry("nothing", func(string) error { return nil },
			"there is no such socket; try: starting the engine, or --host for another address"),
	)

	It("whose folder has no name of a socket is not to be removed", func(ctx SpecContext) {
		folder := GinkgoT().TempDir()
		_, err := images(ctx, "unix://"+folder)
		Expect(err).To(MatchError(HaveSuffix("it is a folder and not a socket; try: the path of the engine's socket")))
	})

	It("below a file is not there", func(ctx SpecContext) {
		path := filepath.Join(GinkgoT().TempDir(), "file")
		Expect(os.WriteFile(path, nil, 0o600)).To(Succeed())
		_, err := images(ctx, "unix://"+path+"/docker.sock")
		Expect(err).To(MatchError(ContainSubstring(": there is no such socket; try: ")))
	})

	It("with too long a path is told to be that", func() {
		ep := at("unix:///" + strings.Repeat("x", 120))
		_, err := engine.NewClient(ep, testLog())
		Expect(err).To(MatchError(HaveSuffix(": the path of its socket is too long; try: a symbolic link to it with a short path")))
	})
})

var _ = DescribeTable("a word to a shell", func(texts string, is bool) {
	for _, r := range texts {
		Expect(engine.IsWord("a"+string(r)+"b")).To(Equal(is), "%q", r)
	}
},
	Entry("has letters, digits and the punctuation of addresses", "azAZ09-._/:+", true),
	Entry("has nothing that is next to them", "`{@[;,~!$&*?()<>|#\"'\\ \t\n", false),
)
