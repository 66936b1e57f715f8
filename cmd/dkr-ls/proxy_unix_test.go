//go:build unix

package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

// These specs run the program as a process, as net/http reads the variables of proxies once.
var _ = Describe("a proxy between the program and the engine", func() {
	const address = "engine.test" // which never resolves, so it is only there through a proxy

	// proxied lists the images of the engine through a proxy, and returns the error without its beginning.
	proxied := func(ctx SpecContext, variable, proxy string, more ...string) string {
		GinkgoHelper()
		cmd := dkrlsProcess(ctx, "tcp://"+address, "repos")
		cmd.Env = append(append(cmd.Env, variable+"="+proxy), more...)
		session := start(cmd)
		Eventually(session).WithContext(ctx).WithTimeout(deadline).Should(gexec.Exit(1))
		text := string(session.Err.Contents())
		Expect(text).NotTo(ContainSubstring("secret"))
		_, text, _ = strings.Cut(strings.TrimSpace(text), "(chosen by DOCKER_HOST): ")
		return text
	}
	serve := func(handler http.HandlerFunc) (host string) {
		server := httptest.NewServer(handler)
		DeferCleanup(server.Close)
		return server.Listener.Addr().String()
	}
	answering := func(status int, header, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if name, value, found := strings.Cut(header, "="); found {
				w.Header().Set(name, value)
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	const (
		around = "; try: NO_PROXY with the engine's host, to go without the proxy, or another HTTP_PROXY or HTTPS_PROXY"
		login  = "; try: HTTP_PROXY or HTTPS_PROXY with a name and a password, or NO_PROXY with the engine's host"
	)

	It("that does not run is named, without its password", func(ctx SpecContext) {
		Expect(proxied(ctx, "HTTP_PROXY", "http://me:secret@127.0.0.1:1")).To(Equal(
			"the proxy http://127.0.0.1:1 cannot be reached: dial tcp 127.0.0.1:1: connect: connection refused" + around))
	})

	It("that does not resolve is named", func(ctx SpecContext) {
		Expect(proxied(ctx, "HTTP_PROXY", "http://me:secret@proxy.test:3128")).To(And(
			HavePrefix("the proxy http://proxy.test:3128 cannot be reached: dial tcp: lookup proxy.test"), HaveSuffix(around)))
	})

	DescribeTable("that answers in the engine's place is named", func(ctx SpecContext, status int, body, message string) {
		host := serve(answering(status, "", body))
		Expect(proxied(ctx, "http_proxy", "http://me:secret@"+host)).To(Equal(strings.ReplaceAll(message, "ADDRESS", "http://"+host)))
	},
		Entry("forbidding it", 403, "<html>no</html>", "the proxy ADDRESS answers 403: Forbidden"+around),
		Entry("asking who it is", 407, "", "the proxy ADDRESS answers 407: Proxy Authentication Required"+login),
		Entry("without a connection", 502, "no route", "the proxy ADDRESS answers 502: no route"+around),
		Entry("without a page", 404, "", "the proxy ADDRESS answers 404: Not Found"+around),
		Entry("with a page", 200, "<html>log in</html>",
			"its answer is broken: it is not JSON from byte 0 on, \"<html>log in</html>\", through the proxy ADDRESS"+around),
	)

	DescribeTable("is not blamed for what an engine answers", func(ctx SpecContext, header, body string) {
		host := serve(answering(503, header, body))
		Expect(proxied(ctx, "HTTP_PROXY", "http://me:secret@"+host)).To(Equal("it answers 503: no space; try: the engine's log"))
	},
		Entry("in an engine's form", "", `{"message":"no space"}`),
		Entry("with an engine's header", "Api-Version=1.41", "no space"),
	)

	DescribeTable("that lets no tunnel through is named", func(ctx SpecContext, status int, message string) {
		certificates := GinkgoT().TempDir()
		server := httptest.NewTLSServer(nil)
		DeferCleanup(server.Close)
		writeCA(filepath.Join(certificates, "ca.pem"), server)
		host := serve(answering(status, "", ""))
		Expect(proxied(ctx, "HTTPS_PROXY", "http://me:secret@"+host, "DOCKER_TLS_VERIFY=1", "DOCKER_CERT_PATH="+certificates)).To(
			Equal("the proxy http://" + host + " refuses the connection: " + message))
	},
		Entry("forbidding it", 403, "Forbidden"+around),
		Entry("asking who it is", 407, "Proxy Authentication Required"+login),
		Entry("without a connection", 502, "Bad Gateway"+around),
	)

	It("that speaks no TLS where its address says so is named, and not the engine", func(ctx SpecContext) {
		host := serve(answering(200, "", ""))
		Expect(proxied(ctx, "HTTP_PROXY", "https://me:secret@"+host)).To(And(
			HavePrefix("the proxy https://"+host+" cannot be reached: "), HaveSuffix(around)))
	})

	It("is none where NO_PROXY names the engine", func(ctx SpecContext) {
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(listener.Close)
		Expect(proxied(ctx, "HTTP_PROXY", "http://"+listener.Addr().String(), "NO_PROXY="+address)).To(
			HavePrefix(`the name "engine.test" cannot be resolved; try: `))
	})
})
