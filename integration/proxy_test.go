package integration_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// tunnel is a proxy's CONNECT, which ends at the address whatever the client names.
func tunnel(ctx context.Context, address string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		defer GinkgoRecover()
		Expect(r.Method).To(Equal(http.MethodConnect))
		engine, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		Expect(err).NotTo(HaveOccurred())
		defer func() { _ = engine.Close() }()
		w.WriteHeader(http.StatusOK)
		client, buffered, err := http.NewResponseController(w).Hijack()
		Expect(err).NotTo(HaveOccurred())
		defer func() { _ = client.Close() }()
		go func() { _, _ = io.Copy(engine, buffered) }()
		_, _ = io.Copy(client, engine)
	}
}

var _ = Describe("an engine behind an HTTP proxy", func() {
	// The name is reserved and never resolves, so the engine can only be listed through the proxy.
	const unresolved = "engine.test:2375"

	DescribeTable("is listed through it", func(ctx SpecContext, variable string) {
		proxy := &recorder{Handler: guard()}
		variables := on("tcp://" + unresolved)
		variables[variable] = "http://" + serve(absolute(proxy))
		expectExample(ctx, run(ctx, variables, "tags"))
		Expect(proxy.Requests()).To(HaveExactElements(Equal("GET /_ping"), HaveSuffix("/images/json")))
	},
		Entry(nil, "HTTP_PROXY"),
		Entry(nil, "http_proxy"),
	)

	It("is listed through a tunnel over TLS", func(ctx SpecContext) {
		ca := newAuthority("the engine's CA")
		proxy := &recorder{Handler: tunnel(context.WithoutCancel(ctx), serve(guard(), withTLS(signed(ca))))}
		variables := verified("engine.test:2376", certificates(ca, signed(ca)))
		variables["HTTPS_PROXY"] = "http://" + serve(proxy)
		expectExample(ctx, run(ctx, variables, "tags"))
		Expect(proxy.Requests()).To(Equal([]string{"CONNECT engine.test:2376"}), "one connection for the whole run")
	})
})

// absolute takes requests as proxies get them, with a whole URL, and hands them on with a path.
func absolute(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.RequestURI, "http://") {
			http.Error(w, "not a request to a proxy", http.StatusBadRequest)
			return
		}
		r.URL.Scheme, r.URL.Host = "", ""
		handler.ServeHTTP(w, r)
	})
}
