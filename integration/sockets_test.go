package integration_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// unixEngine makes the shared engine listen on a Unix socket too, in front of which it puts
// nothing but a handler that passes requests on, and returns the socket's path.
func unixEngine(ctx SpecContext) string {
	GinkgoHelper()
	path := filepath.Join(GinkgoT().TempDir(), "docker.sock")
	listener, err := new(net.ListenConfig).Listen(ctx, "unix", path)
	Expect(err).NotTo(HaveOccurred())
	server := httptest.NewUnstartedServer(passOn())
	Expect(server.Listener.Close()).To(Succeed())
	server.Listener = listener
	server.Start()
	DeferCleanup(server.Close)
	return path
}

// passOn is a handler that asks the shared engine.
func passOn() http.Handler {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: suite.Brief.Address})
	}}
}

// hangUp takes a connection and ends it at once.
func hangUp(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		_ = connection.(io.Closer).Close()
	}
}

var _ = Describe("the engine at an address", func() {
	DescribeTable("is listed", func(ctx SpecContext, address func(SpecContext) string) {
		chosen := address(ctx)
		By("DOCKER_HOST")
		expectExample(ctx, run(ctx, on(chosen), "tags"))
		By("--host, whatever DOCKER_HOST names")
		expectExample(ctx, run(ctx, on(nobody), "--host", chosen, "tags"))
		By("-H, after the command")
		expectExample(ctx, run(ctx, nil, "tags", "-H", chosen))
	},
		Entry("of TCP", func(SpecContext) string { return suite.Brief.Host() }),
		Entry("of TCP, without its scheme", func(SpecContext) string { return suite.Brief.Address }),
		Entry("of a Unix socket", func(ctx SpecContext) string { return "unix://" + unixEngine(ctx) }),
	)

	It("of a Unix socket needs no TLS material, even where TLS is asked for", func(ctx SpecContext) {
		expectExample(ctx, run(ctx, map[string]string{"DOCKER_HOST": "unix://" + unixEngine(ctx), "DOCKER_TLS_VERIFY": "1"}, "tags"))
	})

	It("of a Unix socket that is missing is an error", func(ctx SpecContext) {
		address := "unix://" + filepath.Join(GinkgoT().TempDir(), "docker.sock")
		hint := "starting the engine, or --host for another address"
		if _, err := os.Stat("/.dockerenv"); err == nil { // the specs run in a container
			hint = "docker run -v /var/run/docker.sock:" + strings.TrimPrefix(address, "unix://")
		}
		Expect(failure(run(ctx, on(address), "tags"))).To(Equal("Error: listing images: the engine at " + address +
			" (chosen by DOCKER_HOST): there is no such socket; try: " + hint))
	})

	It("of a Unix socket where nobody listens any more is an error", func(ctx SpecContext) {
		path := filepath.Join(GinkgoT().TempDir(), "docker.sock")
		listener, err := new(net.ListenConfig).Listen(ctx, "unix", path)
		Expect(err).NotTo(HaveOccurred())
		listener.(*net.UnixListener).SetUnlinkOnClose(false)
		Expect(listener.Close()).To(Succeed())
		Expect(failure(run(ctx, nil, "tags", "--host", "unix://"+path))).To(Equal("Error: listing images: the engine at unix://" + path +
			" (chosen by --host): connection refused; try: starting the engine, or another address"))
	})

	It("where something else listens, which hangs up, is an error", func(ctx SpecContext) {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(listener.Close)
		go hangUp(listener)
		line := failure(run(ctx, nil, "tags", "--host", listener.Addr().String()))
		Expect(line).To(HavePrefix("Error: listing images: the engine at tcp://" + listener.Addr().String() + " (chosen by --host): "))
	})
})
