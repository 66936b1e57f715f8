package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("an engine behind a proxy", func() {
	const (
		login   = "; try: HTTP_PROXY or HTTPS_PROXY with a name and a password, or NO_PROXY with the engine's host"
		noProxy = "; try: NO_PROXY with the engine's host, to go without the proxy, or another HTTP_PROXY or HTTPS_PROXY"
	)
	var options endpoint.Options
	BeforeEach(func() { options.Host = "tcp://engine.invalid:2375" }) // only a proxy could find it

	DescribeTable("is not blamed for an answer that may be the proxy's", func(ctx SpecContext, status int, body, version, message string) {
		proxy := strings.Replace(serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if version != "" {
				w.Header().Set("Api-Version", version)
			}
			answer(status, body)(w, nil)
		})), "tcp", "http", 1)
		_, err := list(ctx, options, map[string]string{"HTTP_PROXY": proxy})
		Expect(err).To(MatchError("the engine at tcp://engine.invalid:2375 (chosen by --host): " + strings.ReplaceAll(message, "PROXY_URL", proxy)))
	},
		Entry("a demand for a login", 407, "", "", "the proxy PROXY_URL answers 407: Proxy Authentication Required"+login),
		Entry("a refusal", 403, "<html>", "", "the proxy PROXY_URL answers 403: Forbidden"+noProxy),
		Entry("a page", 200, "<html>", "", `its answer is broken: it is not JSON from byte 0 on, "<html>", through the proxy PROXY_URL`+noProxy),
		Entry("a page of the engine", 200, "<html>", "1.41", `its answer is broken: it is not JSON from byte 0 on, "<html>"; try: docker version with the same address, to see if a Docker engine answers`),
		Entry("a refusal in an engine's form", 403, `{"message":"no"}`, "", "it answers 403: no; try: a proxy that allows GET /_ping and GET /images/json"),
		Entry("a refusal of an engine", 403, "no", "1.41", "it answers 403: no; try: a proxy that allows GET /_ping and GET /images/json"),
	)

	DescribeTable("is not blamed for a tunnel that does not come about", func(ctx SpecContext, status int, hint string) {
		ca := httptest.NewTLSServer(nil)
		DeferCleanup(ca.Close)
		proxy := strings.Replace(serve(answer(status, "")), "tcp", "http", 1)
		_, err := list(ctx, options, map[string]string{"HTTPS_PROXY": proxy, "DOCKER_TLS": "1", "DOCKER_CERT_PATH": filepath.Dir(writeCA(ca))})
		Expect(err).To(MatchError(HaveSuffix(fmt.Sprintf(": the proxy %s refuses the connection: %s", proxy, http.StatusText(status)) + hint)))
	},
		Entry("without a login", 407, login),
		Entry("at all", 403, noProxy),
	)

	It("is not blamed for a proxy that cannot be reached", func(ctx SpecContext) {
		_, err := list(ctx, options, map[string]string{"http_proxy": "http://127.0.0.1:1"})
		Expect(err).To(MatchError(And(ContainSubstring(": the proxy http://127.0.0.1:1 cannot be reached: dial tcp 127.0.0.1:1: "), HaveSuffix(noProxy))))
	})

	It("is out of reach where the connection ends behind the proxy", func(ctx SpecContext) {
		proxy := strings.Replace(serve(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })), "tcp", "http", 1)
		_, err := list(ctx, options, map[string]string{"HTTP_PROXY": proxy})
		Expect(err).To(MatchError(ContainSubstring(": it ended the connection without an answer; try: ")))
	})

	DescribeTable("is not asked through an address that is no proxy's, or could show a password", func(ctx SpecContext, proxy string) {
		_, err := list(ctx, options, map[string]string{"HTTP_PROXY": proxy})
		Expect(err).To(MatchError(HaveSuffix(": HTTP_PROXY or HTTPS_PROXY is no proxy's address; try: one like http://host:3128, with %2F for a / in its password")))
	},
		Entry(nil, "http://me:pass/word@proxy:3128"), Entry(nil, "http://me:#word@proxy:3128"),
	)
})
