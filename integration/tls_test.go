package integration_test

import (
	"bytes"
	"crypto/tls"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// startTLSEngine starts an engine without images that takes clients of the authority alone, and
// returns its host:port.
func startTLSEngine(ctx SpecContext, ca authority) string {
	GinkgoHelper()
	dockerOnly("the API of Podman 5.4 has no TLS")
	server := ca.server(time.Now().Add(-time.Hour))
	file := func(name string, content []byte) testcontainers.ContainerFile {
		return testcontainers.ContainerFile{Reader: bytes.NewReader(content), ContainerFilePath: "/" + name, FileMode: 0o600}
	}
	created := runContainer(ctx, suite.Image.Name,
		ownNetwork(ctx),
		testcontainers.WithCmd("dockerd", "--host=tcp://0.0.0.0:2375", "--tlsverify",
			"--tlscacert=/ca.pem", "--tlscert=/server-cert.pem", "--tlskey=/server-key.pem",
			"--iptables=false", "--ip6tables=false", "--bridge=none"),
		testcontainers.WithEnv(map[string]string{"DOCKER_TLS_CERTDIR": ""}),
		testcontainers.WithFiles(append(daemonConfig(),
			file("ca.pem", ca.PEM()), file("server-cert.pem", server.Certificate), file("server-key.pem", server.Key))...),
		testcontainers.WithExposedPorts(enginePort),
		testcontainers.WithHostConfigModifier(engineHostConfig),
		testcontainers.WithWaitStrategyAndDeadline(startTimeout, wait.ForHTTP("/_ping").WithPort(enginePort).
			WithTLS(true, &tls.Config{RootCAs: ca.pool(), Certificates: ca.client().tls()})),
	)
	address, err := created.PortEndpoint(ctx, enginePort, "")
	Expect(err).NotTo(HaveOccurred())
	return address
}

// verified is an environment that asks for TLS, with the certificates in a folder.
func verified(address, dir string) map[string]string {
	return map[string]string{"DOCKER_HOST": "tcp://" + address, "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": dir}
}

const whole = "; try: valid ca.pem, cert.pem and key.pem files in DOCKER_CERT_PATH or the context"

var _ = Describe("an engine that wants TLS, and a client that it knows", Ordered, ContinueOnFailure, func() {
	var (
		ca      authority
		address string // of the engine
	)
	BeforeAll(func(ctx SpecContext) {
		ca = newAuthority("the engine's CA")
		address = startTLSEngine(ctx, ca)
	})

	// failed is what a run must say of the engine.
	failed := func(what string) string {
		return "Error: listing images: the engine at tcp://" + address + " (chosen by DOCKER_HOST): " + what
	}

	It("is listed with the certificates in DOCKER_CERT_PATH", func(ctx SpecContext) {
		Expect(table(run(ctx, verified(address, certificates(ca.PEM(), ca.client())), "repos"))).To(Equal("REPOSITORY\n"))
	})

	It("is listed with the certificates in docker's config folder", func(ctx SpecContext) {
		Expect(table(run(ctx, map[string]string{
			"DOCKER_HOST": "tcp://" + address, "DOCKER_TLS_VERIFY": "1", "DOCKER_CONFIG": certificates(ca.PEM(), ca.client()),
		}, "repos"))).To(Equal("REPOSITORY\n"))
	})

	It("is listed with the certificates of a context", func(ctx SpecContext) {
		dir := dockerConfig("{}", map[string]dockerContext{
			"secure": {Host: "tcp://" + address, Certificates: certificates(ca.PEM(), ca.client())},
		})
		Expect(table(run(ctx, map[string]string{"DOCKER_CONFIG": dir}, "--context", "secure", "repos"))).To(Equal("REPOSITORY\n"))
	})

	It("is refused where another CA is trusted", func(ctx SpecContext) {
		other := newAuthority("another CA")
		Expect(failure(run(ctx, verified(address, certificates(other.PEM(), ca.client())), "repos"))).To(Equal(failed(
			"its certificate is not trusted: tls: failed to verify certificate: x509: certificate signed by unknown authority; " +
				"try: the ca.pem of the CA that signed it, in DOCKER_CERT_PATH or the context")))
	})

	// Like docker, dkr-ls sends no certificate that the engine's CA has not signed, nor half a pair.
	DescribeTable("refuses a client", func(ctx SpecContext, client func() pair) {
		refusal := func(alert string) string {
			return failed("it refuses this client: remote error: tls: " + alert +
				"; try: a cert.pem and key.pem that it accepts, in DOCKER_CERT_PATH or the context")
		}
		// What an engine says depends on the Go that built it: 20.10 has the older alert.
		Expect(failure(run(ctx, verified(address, certificates(ca.PEM(), client())), "repos"))).To(
			BeElementOf(refusal("certificate required"), refusal("bad certificate")))
	},
		Entry("without a certificate", func() pair { return pair{} }),
		Entry("with a certificate of another CA", func() pair { return newAuthority("another CA").client() }),
		Entry("with cert.pem missing", func() pair { return pair{Key: ca.client().Key} }),
		Entry("with key.pem missing", func() pair { return pair{Certificate: ca.client().Certificate} }),
	)

	It("is not listed without TLS", func(ctx SpecContext) {
		Expect(failure(run(ctx, on("tcp://"+address), "repos"))).To(Equal(failed("it speaks TLS only; try: DOCKER_TLS_VERIFY=1")))
	})
})

var _ = Describe("TLS", func() {
	It("to an engine without it is an error", func(ctx SpecContext) {
		ca := newAuthority("a CA")
		Expect(failure(run(ctx, verified(suite.Brief.Address, certificates(ca.PEM(), ca.client())), "tags"))).To(Equal(
			"Error: listing images: the engine at " + suite.Brief.Host() + " (chosen by DOCKER_HOST): it does not speak TLS; " +
				"try: again without DOCKER_TLS_VERIFY, DOCKER_TLS or the context's TLS material"))
	})

	// The engine's certificate alone matters here, so a server in the suite does.
	serve := func(certificate pair) (address string) {
		GinkgoHelper()
		server := httptest.NewUnstartedServer(passOn())
		server.TLS = &tls.Config{Certificates: certificate.tls()}
		server.StartTLS()
		DeferCleanup(server.Close)
		return server.Listener.Addr().String()
	}

	It("without a client's certificate will do where the engine asks for none", func(ctx SpecContext) {
		ca := newAuthority("the engine's CA")
		address := serve(ca.server(time.Now().Add(-time.Hour)))
		expectExample(ctx, run(ctx, verified(address, certificates(ca.PEM(), pair{})), "tags"))
	})

	DescribeTable("with an engine's certificate that is out of date is an error",
		func(ctx SpecContext, start time.Time, reason string) {
			ca := newAuthority("the engine's CA")
			address := serve(ca.server(start))
			Expect(failure(run(ctx, verified(address, certificates(ca.PEM(), ca.client())), "tags"))).To(MatchRegexp(
				`\AError: listing images: the engine at tcp://%s \(chosen by DOCKER_HOST\): its certificate is out of date: `+
					`tls: failed to verify certificate: x509: certificate has expired or is not yet valid: `+
					`current time \S+ is %s \S+; try: renewing the engine's certificate\z`, address, reason))
		},
		Entry("expired", time.Now().AddDate(0, 0, -2), "after"),
		Entry("not valid yet", time.Now().AddDate(0, 0, 2), "before"),
	)

	It("with an engine's certificate for another name is an error", func(ctx SpecContext) {
		ca := newAuthority("the engine's CA")
		address := serve(ca.serverFor("another.test"))
		Expect(failure(run(ctx, verified(address, certificates(ca.PEM(), ca.client())), "tags"))).To(Equal(
			"Error: listing images: the engine at tcp://" + address + " (chosen by DOCKER_HOST): its certificate is for another name: " +
				"tls: failed to verify certificate: x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs; " +
				"try: an address with a name from the certificate"))
	})

	DescribeTable("with files that will not do is an error before any engine is asked",
		func(ctx SpecContext, spoil func(dir string), message string) {
			ca := newAuthority("a CA")
			dir := certificates(ca.PEM(), ca.client())
			spoil(dir)
			Expect(failure(run(ctx, verified("127.0.0.1:1", dir), "tags"))).To(Equal("Error: " + strings.ReplaceAll(message, "DIR", dir)))
		},
		Entry("ca.pem missing", func(dir string) { Expect(os.Remove(filepath.Join(dir, "ca.pem"))).To(Succeed()) },
			"TLS material for tcp://127.0.0.1:1: open DIR/ca.pem: no such file or directory; try: ca.pem, cert.pem and key.pem there, or DOCKER_CERT_PATH"),
		Entry("ca.pem empty", empty("ca.pem"),
			"the engine at tcp://127.0.0.1:1 (chosen by DOCKER_HOST): ca.pem seems invalid"+whole),
		Entry("cert.pem empty", empty("cert.pem"),
			"the engine at tcp://127.0.0.1:1 (chosen by DOCKER_HOST): tls: failed to find any PEM data in certificate input"+whole),
		Entry("key.pem empty", empty("key.pem"), "the engine at tcp://127.0.0.1:1 (chosen by DOCKER_HOST): no valid private key found"+whole),
	)
})

// empty empties a file of a folder.
func empty(name string) func(dir string) {
	return func(dir string) {
		GinkgoHelper()
		Expect(os.WriteFile(filepath.Join(dir, name), nil, 0o600)).To(Succeed())
	}
}
