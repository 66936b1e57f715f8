package engine_test

import (
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("an engine behind a proxy", func() {
	var options endpoint.Options
	BeforeEach(func() { options.Host = "tcp://engine.invalid:2375" }) // only a proxy could find it

	It("is blamed for its own answer", func(ctx SpecContext) {
		proxy := strings.Replace(serve(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Api-Version", "1.41")
			_, _ = w.Write([]byte("<html>"))
		}), "tcp", "http", 1)
		_, err := list(ctx, options, map[string]string{"HTTP_PROXY": proxy})
		Expect(err).To(MatchError(`the engine at tcp://engine.invalid:2375 (chosen by --host): its answer is broken: ` +
			`it is not JSON from byte 0 on, "<html>"; try: docker version with the same address, to see if a Docker engine answers`))
	})

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
