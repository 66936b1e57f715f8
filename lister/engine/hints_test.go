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
	"os"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// beTryable matches a hint that says what to do, and not what to find out.
var beTryable = And(Not(BeEmpty()), Not(ContainSubstring("whether that")), Not(HavePrefix("whether")))

var _ = Describe("each error", func() {
	It("of a request has something to try", func() {
		const (
			socket = "unix:///nonexistent.sock"
			tcp    = "tcp://10.0.0.1:2375"
		)
		alert := &net.OpError{Op: "remote error", Err: errors.New("tls: certificate required")}
		// samples are of all that is known to go wrong with a request, and of what is not.
		samples := []struct {
			host, proxy string
			err         error
		}{
			{tcp, "", engine.Failed("what", "hint")},
			{tcp, "", context.DeadlineExceeded},
			{tcp, "proxy:3128", engine.Broken(errors.New("it is null"))},
			{tcp, "", engine.Broken(io.EOF)},
			{tcp, "proxy:3128", &net.OpError{Op: "proxyconnect", Err: engine.ErrRefused}},
			{tcp, "proxy:3128", errors.New("Proxy Authentication Required")},
			{"ssh://me@host", "", errors.New("stderr=Permission denied")},
			{"unix://" + os.TempDir(), "", engine.ErrRefused},
			{socket, "", os.ErrNotExist},
			{socket, "", os.ErrPermission},
			{tcp, "", engine.ErrRefused},
			{tcp, "", engine.ErrReset},
			{tcp, "", engine.ErrNoHost},
			{tcp, "", engine.ErrNoAnswer},
			{tcp, "", &net.DNSError{Name: "host"}},
			{tcp, "", http.ErrSchemeMismatch},
			{tcp, "", x509.CertificateInvalidError{Reason: x509.Expired}},
			{tcp, "", x509.HostnameError{Certificate: &x509.Certificate{}, Host: "host"}},
			{tcp, "", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}},
			{tcp, "", alert},
			{tcp, "", errors.New(`malformed HTTP response "SSH-2.0"`)},
			{tcp, "", errors.New("malformed HTTP response")},
			{socket, "", io.EOF},
			{tcp, "", &net.AddrError{Err: "invalid port"}},
			{tcp, "", errors.New("net/http: invalid header field")},
			{tcp, "", errors.New("nobody knows it")},
		}

		told := map[int]bool{}
		for _, sample := range samples {
			ep, err := engine.Locate(engine.Options{Host: sample.host}, env(nil), testLog())
			Expect(err).NotTo(HaveOccurred())
			known, what, hint := engine.Diagnose(ep, sample.proxy, sample.err)
			Expect(what).NotTo(BeEmpty(), "%v", sample.err)
			Expect(hint).To(beTryable, "%v", sample.err)
			told[known] = true
		}
		for known := range engine.KnownFailures() {
			Expect(told).To(HaveKey(known), "no sample is like number %d of what is known: add one", known)
		}
		Expect(told).To(HaveKey(-1))
	})

	It("of a proxy tells whether the client came past it", func() {
		ep, err := engine.Locate(engine.Options{Host: "tcp://10.0.0.1:2375"}, env(nil), testLog())
		Expect(err).NotTo(HaveOccurred())
		told := func(op string) string {
			_, what, _ := engine.Diagnose(ep, "proxy:3128", &net.OpError{Op: op, Err: os.NewSyscallError("connect", engine.ErrRefused)})
			return what
		}
		Expect(told("proxyconnect")).To(HavePrefix("the proxy http://proxy:3128 cannot be reached: "))
		Expect(told("read")).NotTo(ContainSubstring("cannot be reached"))
	})

	It("may be the proxy's own, unless an engine has answered", func() {
		ep, err := engine.Locate(engine.Options{Host: "tcp://10.0.0.1:2375"}, env(nil), testLog())
		Expect(err).NotTo(HaveOccurred())
		Expect(engine.MayBeProxys(ep, http.Header{})).To(BeTrue())
		Expect(engine.MayBeProxys(ep, http.Header{"Api-Version": {"1.41"}})).To(BeFalse())
	})

	It("of a proxy that wants to know who asks tells how to say it", func() {
		ep, err := engine.Locate(engine.Options{Host: "tcp://10.0.0.1:2375"}, env(nil), testLog())
		Expect(err).NotTo(HaveOccurred())
		const hint = "HTTP_PROXY or HTTPS_PROXY with a name and a password"
		told := func(text string) string {
			_, _, hint := engine.Diagnose(ep, "proxy:3128", errors.New(text))
			return hint
		}
		Expect(told("Proxy Authentication Required")).To(HavePrefix(hint))
		Expect(told("Forbidden")).NotTo(HavePrefix(hint))
		Expect(engine.Answered(ep, "proxy:3128", 407)).To(MatchError(ContainSubstring("; try: " + hint)))
		Expect(engine.Answered(ep, "proxy:3128", 403)).NotTo(MatchError(ContainSubstring(hint)))
	})

	It("that an engine answers has something to try", func(ctx SpecContext) {
		status := 0
		host := standIn("1.41", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		for status = 201; status < 600; status++ {
			_, err := images(ctx, host)
			Expect(err).To(HaveOccurred(), "%d", status)
			_, hint, _ := strings.Cut(err.Error(), "; try: ")
			Expect(hint).To(beTryable, err.Error())
		}
	})

	// Where TLS is on, a hint must not tell to turn it on, and the other way round.
	DescribeTable("of a connection that ends has a hint that fits", func(ctx SpecContext, isSecure bool, hint string) {
		server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
		if isSecure {
			server.Close()
			server = httptest.NewTLSServer(server.Config.Handler)
		}
		DeferCleanup(server.Close)
		options := engine.Options{Host: "tcp://" + server.Listener.Addr().String()}
		if isSecure {
			ca := writeCA(server)
			isOn := true
			options.TLS = engine.TLSOptions{Use: &isOn, CA: ca}
		}
		for _, err := range connect(options, nil).Images(ctx, lister.Want{}) {
			Expect(err).To(MatchError(HaveSuffix("it ended the connection without an answer; try: " + hint)))
		}
	},
		Entry("without TLS", false, "DOCKER_TLS_VERIFY=1, if it wants TLS, or another address"),
		Entry("over TLS", true, "again without DOCKER_TLS_VERIFY, DOCKER_TLS or the context's TLS material"),
	)
})
