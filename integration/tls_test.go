package integration_test

import (
	"bytes"
	"crypto/tls"
	"os"
	"path/filepath"

	"github.com/mdelapenya/tlscert"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// newAuthority makes a certificate authority.
func newAuthority(name string) *tlscert.Certificate {
	GinkgoHelper()
	return certificate(tlscert.Request{Host: "ca.test", SubjectCommonName: name, IsCA: true})
}

// signed makes a certificate of an authority, for an engine on loopback, by the name engine.test too, or for a client of it.
func signed(ca *tlscert.Certificate) *tlscert.Certificate {
	GinkgoHelper()
	return certificate(tlscert.Request{Host: "127.0.0.1,engine.test", Parent: ca})
}

func certificate(request tlscert.Request) *tlscert.Certificate {
	GinkgoHelper()
	made, err := tlscert.SelfSignedFromRequestE(request)
	Expect(err).NotTo(HaveOccurred())
	return made
}

// certificates makes a folder as DOCKER_CERT_PATH names it. Without a client, it has the authority's certificate alone.
func certificates(ca, client *tlscert.Certificate) string {
	GinkgoHelper()
	dir := GinkgoT().TempDir()
	files := map[string][]byte{"ca.pem": ca.Bytes}
	if client != nil {
		files["cert.pem"], files["key.pem"] = client.Bytes, client.KeyBytes
	}
	for name, content := range files {
		Expect(os.WriteFile(filepath.Join(dir, name), content, 0o600)).To(Succeed())
	}
	return dir
}

// startTLSEngine starts an engine without images that takes clients of the authority alone, and
// returns its host:port.
func startTLSEngine(ctx SpecContext, ca *tlscert.Certificate) string {
	GinkgoHelper()
	dockerOnly("the API of Podman 5.4 has no TLS")
	server := signed(ca)
	file := func(name string, content []byte) testcontainers.ContainerFile {
		return testcontainers.ContainerFile{Reader: bytes.NewReader(content), ContainerFilePath: "/" + name, FileMode: 0o600}
	}
	created := runContainer(ctx, suite.Image.Name,
		ownNetwork(ctx),
		testcontainers.WithCmd(append(dockerd(), "--tlsverify", "--tlscacert=/ca.pem", "--tlscert=/cert.pem", "--tlskey=/key.pem")...),
		testcontainers.WithEnv(map[string]string{"DOCKER_TLS_CERTDIR": ""}),
		testcontainers.WithFiles(append(daemonConfig(),
			file("ca.pem", ca.Bytes), file("cert.pem", server.Bytes), file("key.pem", server.KeyBytes))...),
		testcontainers.WithExposedPorts(enginePort),
		testcontainers.WithHostConfigModifier(engineHostConfig),
		testcontainers.WithWaitStrategyAndDeadline(startTimeout, wait.ForHTTP("/_ping").WithPort(enginePort).
			WithTLS(true, &tls.Config{RootCAs: ca.TLSConfig().RootCAs, Certificates: signed(ca).TLSConfig().Certificates})),
	)
	address, err := created.PortEndpoint(ctx, enginePort, "")
	Expect(err).NotTo(HaveOccurred())
	return address
}

// verified is an environment that asks for TLS, with the certificates in a folder.
func verified(address, dir string) map[string]string {
	return map[string]string{"DOCKER_HOST": "tcp://" + address, "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": dir}
}

var _ = Describe("an engine that wants TLS", Ordered, ContinueOnFailure, func() {
	var (
		ca      *tlscert.Certificate
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

	DescribeTable("is listed", func(ctx SpecContext, environment func(dir string) map[string]string, args ...string) {
		Expect(table(run(ctx, environment(certificates(ca, signed(ca))), append(args, "repos")...))).To(Equal("REPOSITORY\n"))
	},
		Entry("with the certificates in DOCKER_CERT_PATH", func(dir string) map[string]string { return verified(address, dir) }),
		Entry("with the certificates in docker's config folder", func(dir string) map[string]string {
			return map[string]string{"DOCKER_HOST": "tcp://" + address, "DOCKER_TLS_VERIFY": "1", "DOCKER_CONFIG": dir}
		}),
		Entry("with the certificates of a context", func(dir string) map[string]string {
			return map[string]string{"DOCKER_CONFIG": dockerConfig("{}", map[string]dockerContext{"secure": {Host: "tcp://" + address, Certificates: dir}})}
		}, "--context", "secure"),
	)

	It("is an error where another CA is trusted", func(ctx SpecContext) {
		dir := certificates(newAuthority("another CA"), signed(ca))
		Expect(failure(run(ctx, verified(address, dir), "repos"))).To(Equal(failed(
			"its certificate is not trusted: tls: failed to verify certificate: x509: certificate signed by unknown authority; " +
				"try: the ca.pem of the CA that signed it, in DOCKER_CERT_PATH or the context")))
	})

	// Like docker, dkr-ls sends no certificate that the engine's CA has not signed, nor half a pair.
	DescribeTable("is an error for a client", func(ctx SpecContext, client func() *tlscert.Certificate, missing ...string) {
		dir := certificates(ca, client())
		for _, name := range missing {
			Expect(os.Remove(filepath.Join(dir, name))).To(Succeed())
		}
		refusal := func(alert string) string {
			return failed("it refuses this client: remote error: tls: " + alert +
				"; try: a cert.pem and key.pem that it accepts, in DOCKER_CERT_PATH or the context")
		}
		// What an engine says depends on the Go that built it: 20.10 has the older alert.
		Expect(failure(run(ctx, verified(address, dir), "repos"))).To(BeElementOf(refusal("certificate required"), refusal("bad certificate")))
	},
		Entry("without a certificate", func() *tlscert.Certificate { return nil }),
		Entry("with a certificate of another CA", func() *tlscert.Certificate { return signed(newAuthority("another CA")) }),
		Entry("with cert.pem missing", func() *tlscert.Certificate { return signed(ca) }, "cert.pem"),
		Entry("with key.pem missing", func() *tlscert.Certificate { return signed(ca) }, "key.pem"),
	)

	It("is an error without TLS", func(ctx SpecContext) {
		Expect(failure(run(ctx, on("tcp://"+address), "repos"))).To(Equal(failed("it speaks TLS only; try: DOCKER_TLS_VERIFY=1")))
	})
})
