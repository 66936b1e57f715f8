package engine_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// at is the endpoint of a host that DOCKER_HOST names.
func at(host string) engine.Endpoint {
	GinkgoHelper()
	endpoint, err := engine.Locate(engine.Options{}, env(map[string]string{"DOCKER_HOST": host}), testLog())
	Expect(err).NotTo(HaveOccurred())
	return engine.WithContainerMark(endpoint, "/nonexistent") // these specs may run in a container
}

// tlsServer is one to have a certificate of.
func tlsServer() *httptest.Server {
	server := httptest.NewTLSServer(nil)
	DeferCleanup(server.Close)
	return server
}

// dialing is how net/http tells of a connection that could not be made.
func dialing(network string, err error) error {
	return &url.Error{Op: "Get", URL: "http://me:secret@host/_ping", Err: &net.OpError{Op: "dial", Net: network, Err: err}}
}

var _ = Describe("an error that ends the search", func() {
	const (
		socket = "the engine at unix:///run/docker.sock (chosen by DOCKER_HOST): "
		tcp    = "the engine at tcp://10.0.0.1:2376 (chosen by DOCKER_HOST): "
	)

	DescribeTable("says what failed, where, chosen by what, and what to try", func(ctx SpecContext, host string, err error, message string) {
		Expect(engine.Explain(ctx, at(host), err)).To(MatchError(message))
	},
		Entry("no such socket", "unix:///run/docker.sock", dialing("unix", os.NewSyscallError("connect", syscall.ENOENT)),
			socket+"there is no such socket; try: starting the engine, or --host for another address"),
		Entry("permission denied", "unix:///run/docker.sock", dialing("unix", os.NewSyscallError("connect", syscall.EACCES)),
			socket+"permission denied; try: sudo, or a user in the group that owns the socket"),
		Entry("connection refused", "unix:///run/docker.sock", dialing("unix", os.NewSyscallError("connect", engine.ErrRefused)),
			socket+"connection refused; try: starting the engine, or another address"),
		Entry("connection reset", "tcp://10.0.0.1:2376", &url.Error{Err: os.NewSyscallError("read", engine.ErrReset)},
			tcp+"the connection was reset; try: the engine's log"),
		Entry("a name that is not resolved", "tcp://10.0.0.1:2376", dialing("tcp", &net.DNSError{Err: "no such host", Name: "nope.invalid", IsNotFound: true}),
			tcp+`the name "nope.invalid" cannot be resolved; try: another address`),
		Entry("a plain engine where TLS is wanted", "tcp://10.0.0.1:2376", &url.Error{Err: http.ErrSchemeMismatch},
			tcp+"it does not speak TLS; try: again without DOCKER_TLS_VERIFY, DOCKER_TLS or the context's TLS material"),
		Entry("an engine that is not of this protocol", "tcp://10.0.0.1:2376", &url.Error{Err: tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}},
			tcp+"it does not speak TLS; try: again without DOCKER_TLS_VERIFY, DOCKER_TLS or the context's TLS material"),
		Entry("a certificate of an unknown CA", "tcp://10.0.0.1:2376", &url.Error{Err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}},
			tcp+"its certificate is not trusted: tls: failed to verify certificate: x509: certificate signed by unknown authority; try: the ca.pem of the CA that signed it, in DOCKER_CERT_PATH or the context"),
		Entry("a timeout of the network", "tcp://10.0.0.1:2376", dialing("tcp", context.DeadlineExceeded),
			tcp+"dial tcp: context deadline exceeded; try: a longer --timeout"),
		Entry("no HTTP", "tcp://10.0.0.1:2376", &url.Error{Err: errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "x"`)},
			tcp+"it does not speak HTTP; try: DOCKER_TLS_VERIFY=1, if it wants TLS, or another address"),
		Entry("anything else, on one line", "tcp://10.0.0.1:2376", &url.Error{Err: errors.New("a\r\n b")}, tcp+"a b; try: --log-level DEBUG, to see how far it got"),
	)

	It("knows what this system calls a connection that nobody takes", func(ctx SpecContext) {
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		address := listener.Addr().String()
		Expect(listener.Close()).To(Succeed())
		_, err = new(net.Dialer).DialContext(ctx, "tcp", address)
		Expect(engine.Explain(ctx, at("tcp://"+address), &url.Error{Err: err})).To(
			MatchError("the engine at tcp://" + address + " (chosen by DOCKER_HOST): connection refused; try: starting the engine, or another address"))
	})

	It("tells of the end of its time in the words of its cause", func(ctx SpecContext) {
		bounded, cancel := context.WithTimeoutCause(ctx, time.Nanosecond, errors.New("no answer within 1ns"))
		defer cancel()
		<-bounded.Done()
		Expect(engine.Explain(bounded, at("tcp://10.0.0.1:2376"), dialing("tcp", context.DeadlineExceeded))).To(
			MatchError(tcp + "no answer within 1ns; try: --log-level DEBUG, to see how far it got"))
	})

	DescribeTable("of a socket in a container has the flags of docker run that let it in", func(ctx SpecContext, host string, err error, told string) {
		needsUnix("containers of Linux")
		mark := filepath.Join(GinkgoT().TempDir(), ".dockerenv")
		ep := engine.WithContainerMark(at(host), mark)
		outside := engine.Explain(ctx, ep, dialing("unix", err)).Error()
		Expect(outside).NotTo(ContainSubstring(told))
		Expect(os.WriteFile(mark, nil, 0o600)).To(Succeed())
		Expect(engine.Explain(ctx, ep, dialing("unix", err))).To(MatchError("the engine at " + host + " (chosen by DOCKER_HOST): " + told))
	},
		Entry("that is not there", "unix:///nonexistent/docker.sock", os.NewSyscallError("connect", syscall.ENOENT),
			"there is no such socket; try: docker run -v /var/run/docker.sock:/nonexistent/docker.sock"),
		Entry("with a name that a shell would take apart", "unix:///nonexistent/;.sock", os.NewSyscallError("connect", syscall.ENOENT),
			"there is no such socket; try: docker run -v /var/run/docker.sock:/var/run/docker.sock"),
		Entry("that it may not use", "unix:///nonexistent/docker.sock", os.NewSyscallError("connect", syscall.EACCES),
			`permission denied; try: docker run --group-add "$(stat -c %g /var/run/docker.sock)", or with SELinux --security-opt label=disable`),
	)

	It("tells of TLS that is on by a variable which was to turn it off", func(ctx SpecContext) {
		variables := map[string]string{"DOCKER_HOST": "tcp://10.0.0.1:2376", "DOCKER_TLS_VERIFY": "0", "DOCKER_CERT_PATH": filepath.Dir(writeCA(tlsServer()))}
		ep, err := engine.Locate(engine.Options{}, env(variables), testLog())
		Expect(err).NotTo(HaveOccurred())
		for _, err := range []error{&url.Error{Err: http.ErrSchemeMismatch}, &url.Error{Err: io.EOF}} {
			Expect(engine.Explain(ctx, ep, err)).To(MatchError(HaveSuffix("; try: again without DOCKER_TLS_VERIFY: any value turns TLS on, even 0")))
		}
	})

	It("of a socket with a relative path has the right form", func(ctx SpecContext) {
		Expect(engine.Explain(ctx, at("unix://nonexistent/docker.sock"), dialing("unix", os.NewSyscallError("connect", syscall.ENOENT)))).To(
			MatchError("the engine at unix://nonexistent/docker.sock (chosen by DOCKER_HOST): there is no such socket; try: unix:///nonexistent/docker.sock"))
	})

	It("names another socket where the default one is missing, if that one is there", func(ctx SpecContext) {
		needsUnix("other engines' sockets")
		dir := GinkgoT().TempDir()
		listener, err := (&net.ListenConfig{}).Listen(ctx, "unix", filepath.Join(dir, "podman.sock"))
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(listener.Close)
		Expect(os.WriteFile(filepath.Join(dir, "file.sock"), nil, 0o600)).To(Succeed())

		missing := dialing("unix", os.NewSyscallError("connect", syscall.ENOENT))
		for sockets, hint := range map[string]string{
			"none.sock":   "starting the engine, or --host for another address",
			"file.sock":   "starting the engine, or --host for another address", // which is no socket
			"podman.sock": "--host unix://" + filepath.Join(dir, "podman.sock"),
		} {
			ep := engine.WithSockets(at("unix:///var/run/docker.sock"), filepath.Join(dir, sockets))
			Expect(engine.Explain(ctx, ep, missing)).To(
				MatchError("the engine at unix:///var/run/docker.sock (chosen by default): there is no such socket; try: " + hint))
		}
	})
})
