//go:build unix

package main

import (
	"crypto/tls"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/mdelapenya/tlscert"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

var _ = Describe("a run with TLS", func() {
	// fails runs the program with TLS and the files in dir, and returns what it says of the engine.
	fails := func(ctx SpecContext, address, dir string) string {
		GinkgoHelper()
		cmd := dkrlsProcess(ctx, "tcp://"+address, "tags")
		cmd.Env = append(cmd.Env, "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+dir)
		session := exited(cmd)
		Expect(session).To(gexec.Exit(1))
		Expect(session.Out.Contents()).To(BeEmpty())
		return string(session.Err.Contents())
	}
	certificate := func(request tlscert.Request) *tlscert.Certificate {
		GinkgoHelper()
		made, err := tlscert.SelfSignedFromRequestE(request)
		Expect(err).NotTo(HaveOccurred())
		return made
	}
	// files makes a folder as DOCKER_CERT_PATH names it.
	files := func(ca *tlscert.Certificate) string {
		GinkgoHelper()
		dir, client := GinkgoT().TempDir(), certificate(tlscert.Request{Host: "client.test", Parent: ca})
		for name, content := range map[string][]byte{"ca.pem": ca.Bytes, "cert.pem": client.Bytes, "key.pem": client.KeyBytes} {
			Expect(os.WriteFile(filepath.Join(dir, name), content, 0o600)).To(Succeed())
		}
		return dir
	}
	authority := func() *tlscert.Certificate {
		GinkgoHelper()
		return certificate(tlscert.Request{Host: "ca.test", SubjectCommonName: "a CA", IsCA: true})
	}

	DescribeTable("fails where the engine's certificate", func(ctx SpecContext, host string, validFor time.Duration, message string) {
		ca := authority()
		server := httptest.NewUnstartedServer(nil)
		server.TLS = &tls.Config{Certificates: certificate(tlscert.Request{Host: host, ValidFor: validFor, Parent: ca}).TLSConfig().Certificates}
		server.StartTLS()
		DeferCleanup(server.Close)
		address := server.Listener.Addr().String()
		Expect(fails(ctx, address, files(ca))).To(MatchRegexp(
			`\AError: listing images: the engine at tcp://%s \(chosen by DOCKER_HOST\): %s\n\z`, address, message))
	},
		Entry("has expired", "127.0.0.1", time.Second, `its certificate is out of date: tls: failed to verify certificate: x509: `+
			`certificate has expired or is not yet valid: current time \S+ is after \S+; try: renewing the engine's certificate`),
		Entry("is for another name", "another.test", time.Hour, `its certificate is for another name: tls: failed to verify certificate: x509: `+
			`cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs; try: an address with a name from the certificate`),
	)

	DescribeTable("fails before any engine is asked where a file will not do", func(ctx SpecContext, spoil func(dir string), message string) {
		dir := files(authority())
		spoil(dir)
		message = strings.NewReplacer("DIR", dir, "ENGINE", "the engine at tcp://127.0.0.1:1 (chosen by DOCKER_HOST)").Replace(message)
		Expect(fails(ctx, "127.0.0.1:1", dir)).To(Equal("Error: " + message + "\n"))
	},
		Entry("ca.pem, which is missing", func(dir string) { Expect(os.Remove(filepath.Join(dir, "ca.pem"))).To(Succeed()) },
			"TLS material for tcp://127.0.0.1:1: open DIR/ca.pem: no such file or directory; try: DOCKER_CERT_PATH with the folder that has ca.pem, cert.pem and key.pem"),
		Entry("ca.pem, which is empty", emptied("ca.pem"), "ENGINE: ca.pem seems invalid"+wholeFiles),
		Entry("cert.pem, which is empty", emptied("cert.pem"), "ENGINE: tls: failed to find any PEM data in certificate input"+wholeFiles),
		Entry("key.pem, which is empty", emptied("key.pem"), "ENGINE: no valid private key found"+wholeFiles),
	)
})

var _ = Describe("a server that hangs up", func() {
	It("is said to be no engine", func(ctx SpecContext) {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(listener.Close)
		go func() {
			for {
				connection, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = connection.Read(make([]byte, 4096)) // or the connection is reset
				_ = connection.Close()
			}
		}()
		session := exited(dkrlsProcess(ctx, "tcp://"+listener.Addr().String(), "tags"))
		Expect(session).To(gexec.Exit(1))
		Expect(string(session.Err.Contents())).To(MatchRegexp(`\AError: listing images: the engine at tcp://%s \(chosen by DOCKER_HOST\): `+
			`it ended the connection without an answer; try: .+\n\z`, listener.Addr()))
	})
})

const wholeFiles = "; try: valid ca.pem, cert.pem and key.pem files in DOCKER_CERT_PATH or the context"

// emptied empties a file of a folder.
func emptied(name string) func(dir string) {
	return func(dir string) {
		GinkgoHelper()
		Expect(os.WriteFile(filepath.Join(dir, name), nil, 0o600)).To(Succeed())
	}
}
