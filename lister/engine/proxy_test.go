package engine_test

import (
	"net/http"
	"net/http/httptest"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("an engine behind a proxy", func() {
	var options endpoint.Options
	BeforeEach(func() { options.Host = "tcp://engine.invalid:2375" }) // only a proxy could find it

	const (
		try   = "; try: NO_PROXY with the engine's host, to go without the proxy, or another HTTP_PROXY or HTTPS_PROXY"
		login = "; try: HTTP_PROXY or HTTPS_PROXY with a name and a password, or NO_PROXY with the engine's host"
		page  = `its answer is broken: it is not JSON from byte 0 on, "<html>"`
	)

	DescribeTable("is blamed for its own answers, and not for those of the proxy", func(ctx SpecContext, version string, status int, body, message string) {
		proxy := strings.Replace(serve(func(w http.ResponseWriter, _ *http.Request) {
			if version != "" {
				w.Header().Set("Api-Version", version)
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}), "tcp", "http", 1)
		_, err := list(ctx, options, map[string]string{"HTTP_PROXY": proxy})
		Expect(err).To(MatchError("the engine at tcp://engine.invalid:2375 (chosen by --host): " + strings.ReplaceAll(message, "ADDRESS", proxy)))
	},
		Entry("its own page", "1.41", http.StatusOK, "<html>", page+"; try: docker version with the same address, to see if a Docker engine answers"),
		Entry("its own error", "", http.StatusInternalServerError, `{"message":"it broke"}`, "it answers 500: it broke; try: the engine's log"),
		Entry("the proxy's page", "", http.StatusOK, "<html>", page+", through the proxy ADDRESS"+try),
		Entry("the proxy's error", "", http.StatusForbidden, "<html>", "the proxy ADDRESS answers 403: Forbidden"+try),
		Entry("the proxy's JSON", "", http.StatusForbidden, "{}", "the proxy ADDRESS answers 403: {}"+try),
		Entry("the proxy's demand", "", http.StatusProxyAuthRequired, "", "the proxy ADDRESS answers 407: Proxy Authentication Required"+login),
	)

	DescribeTable("is out of reach where the proxy does not connect to it", func(ctx SpecContext, status int, message string) {
		proxy := strings.Replace(serve(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }), "tcp", "http", 1)
		server := httptest.NewTLSServer(nil)
		DeferCleanup(server.Close)
		_, err := list(ctx, options, map[string]string{"HTTPS_PROXY": proxy, "DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": writeCA(server)})
		Expect(err).To(MatchError("the engine at tcp://engine.invalid:2375 (chosen by --host): the proxy " + proxy + " refuses the connection: " + message))
	},
		Entry("as it forbids that", http.StatusForbidden, "Forbidden"+try),
		Entry("as it wants a password", http.StatusProxyAuthRequired, "Proxy Authentication Required"+login),
	)

	It("is out of reach where the connection ends behind the proxy", func(ctx SpecContext) {
		proxy := strings.Replace(serve(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), "tcp", "http", 1)
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
