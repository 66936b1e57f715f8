package engine_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// at returns the endpoint of a host that DOCKER_HOST names.
func at(host string) endpoint.Endpoint {
	GinkgoHelper()
	return locate(endpoint.Options{}, map[string]string{"DOCKER_HOST": host})
}

// dialing returns what net/http makes of a connection that could not be made.
func dialing(network string, err error) error {
	return &url.Error{Op: "Get", URL: "http://me:secret@host/_ping", Err: &net.OpError{Op: "dial", Net: network, Err: err}}
}

func connecting(number syscall.Errno) error {
	return dialing("unix", os.NewSyscallError("connect", number))
}

var _ = Describe("an error that ends the search", func() {
	const (
		socket = "unix:///run/docker.sock"
		tcp    = "tcp://10.0.0.1:2376"
		noTLS  = "; try: again without DOCKER_TLS_VERIFY, DOCKER_TLS or the context's TLS material"
		debug  = "; try: --log-level DEBUG, to see how far it got"
	)

	DescribeTable("says what failed, where, chosen by what, and what to try", func(ctx SpecContext, host string, err error, message string) {
		Expect(engine.Explain(ctx, at(host), err)).To(MatchError("the engine at " + host + " (chosen by DOCKER_HOST): " + message))
	},
		Entry("a failure that says so itself", tcp, &endpoint.Failure{What: "what", Hint: "hint"}, "what; try: hint"),
		Entry("no such socket", socket, connecting(syscall.ENOENT), "there is no such socket; try: starting the engine, or --host for another address"),
		Entry("a socket below a file", socket, connecting(syscall.ENOTDIR), "there is no such socket; try: starting the engine, or --host for another address"),
		Entry("permission denied", socket, connecting(syscall.EACCES), "permission denied; try: sudo, or a user in the group that owns the socket"),
		Entry("connection refused", socket, connecting(syscall.ECONNREFUSED), "connection refused; try: starting the engine, or another address"),
		Entry("no route", tcp, dialing("tcp", os.NewSyscallError("connect", syscall.EHOSTUNREACH)), "dial tcp: connect: "+syscall.EHOSTUNREACH.Error()+"; try: its network and firewall, or another address"),
		Entry("a port that is invalid", tcp, dialing("tcp", &net.AddrError{Err: "invalid port", Addr: "99999"}), "dial tcp: address 99999: invalid port; try: its network and firewall, or another address"),
		Entry("connection reset", tcp, &url.Error{Err: &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}}, "read tcp: "+syscall.ECONNRESET.Error()+"; try: the engine's log"),
		Entry("a name that is not resolved", tcp, dialing("tcp", &net.DNSError{Err: "no such host", Name: "nope.invalid", IsNotFound: true}), `the name "nope.invalid" cannot be resolved; try: another address`),
		Entry("a plain engine where TLS is wanted", tcp, &url.Error{Err: http.ErrSchemeMismatch}, "it does not speak TLS"+noTLS),
		Entry("an engine that is not of this protocol", tcp, &url.Error{Err: tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}}, "it does not speak TLS"+noTLS),
		Entry("a client's certificate that it refuses, met by net/http's reader", tcp, &url.Error{Err: fmt.Errorf("readLoopPeekFailLocked: %w", &net.OpError{Op: "remote error", Err: tls.AlertError(116)})},
			"it refuses this client: remote error: tls: certificate required; try: a cert.pem and key.pem that it accepts, in DOCKER_CERT_PATH or the context"),
		Entry("a certificate that is out of date", tcp, x509.CertificateInvalidError{Reason: x509.Expired, Detail: "it was"},
			"its certificate is out of date: x509: certificate has expired or is not yet valid: it was; try: renewing the engine's certificate"),
		Entry("a certificate for another name", tcp, x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"a"}}, Host: "b"},
			"its certificate is for another name: x509: certificate is valid for a, not b; try: an address with a name from the certificate"),
		Entry("a certificate of an unknown CA", tcp, &url.Error{Err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}},
			"its certificate is not trusted: tls: failed to verify certificate: x509: certificate signed by unknown authority; try: the ca.pem of the CA that signed it, in DOCKER_CERT_PATH or the context"),
		Entry("a timeout of the network", tcp, dialing("tcp", context.DeadlineExceeded), "dial tcp: context deadline exceeded; try: a longer --timeout"),
		Entry("no HTTP", tcp, &url.Error{Err: errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "x"`)},
			"it does not speak HTTP; try: DOCKER_TLS_VERIFY=1, if it wants TLS, or another address"),
		Entry("an end without an answer", tcp, io.EOF, "it ended the connection without an answer; try: DOCKER_TLS_VERIFY=1, if it wants TLS, or another address"),
		Entry("an end without an answer, of a socket", socket, io.EOF, "it ended the connection without an answer; try: the engine's log, or another address"),
		Entry("a header that is invalid", tcp, errors.New("net/http: invalid header field"),
			"net/http: invalid header field; try: other headers in HttpHeaders of docker's config file, or DOCKER_CUSTOM_HEADERS"),
		Entry("anything else, on one line", tcp, &url.Error{Err: errors.New("a\r\n b")}, "a b"+debug),
	)

	It("knows what this system calls a refused connection", func(ctx SpecContext) {
		_, err := images(ctx, "tcp://127.0.0.1:1")
		Expect(err).To(MatchError("the engine at tcp://127.0.0.1:1 (chosen by --host): connection refused; try: starting the engine, or another address"))
	})

	It("has the words of the cause where its time is up", func(ctx SpecContext) {
		bounded, cancel := context.WithTimeoutCause(ctx, time.Nanosecond, errors.New("no answer within 1ns"))
		defer cancel()
		<-bounded.Done()
		Expect(engine.Explain(bounded, at(tcp), dialing("tcp", context.DeadlineExceeded))).To(
			MatchError("the engine at " + tcp + " (chosen by DOCKER_HOST): no answer within 1ns" + debug))
	})

	DescribeTable("of a socket in a container has the flags of docker run that let it in", func(ctx SpecContext, host string, number syscall.Errno, hint string) {
		ep := at(host)
		Expect(engine.Explain(ctx, ep, connecting(number)).Error()).NotTo(ContainSubstring(hint))
		ep.InContainer = true
		Expect(engine.Explain(ctx, ep, connecting(number))).To(MatchError(HaveSuffix("; try: " + hint)))
	},
		Entry("that is not there", "unix:///nonexistent/docker.sock", syscall.ENOENT, "docker run -v /var/run/docker.sock:/nonexistent/docker.sock"),
		Entry("with a name that a shell would take apart", "unix:///nonexistent/;.sock", syscall.ENOENT, "docker run -v /var/run/docker.sock:/var/run/docker.sock"),
		Entry("that it may not use", "unix:///nonexistent/docker.sock", syscall.EACCES,
			`docker run --group-add "$(stat -c %g /var/run/docker.sock)", or with SELinux --security-opt label=disable`),
	)

	It("says to turn TLS off where it is on, by the variable that turned it on with a value that means no", func(ctx SpecContext) {
		server := httptest.NewTLSServer(nil)
		DeferCleanup(server.Close)
		variables := map[string]string{"DOCKER_HOST": tcp, "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": writeCA(server)}
		Expect(engine.Explain(ctx, locate(endpoint.Options{}, variables), io.EOF)).To(MatchError(HaveSuffix(noTLS)))
		variables["DOCKER_TLS_VERIFY"] = "0"
		ep := locate(endpoint.Options{}, variables)
		for _, err := range []error{&url.Error{Err: http.ErrSchemeMismatch}, &url.Error{Err: io.EOF}} {
			Expect(engine.Explain(ctx, ep, err)).To(MatchError(HaveSuffix("; try: again without DOCKER_TLS_VERIFY: any value turns TLS on, even 0")))
		}
	})
})
