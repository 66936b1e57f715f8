package integration_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// serve serves on loopback until the spec ends and returns the host:port.
func serve(handler http.Handler, settings ...func(*httptest.Server)) string {
	GinkgoHelper()
	server := httptest.NewUnstartedServer(handler)
	for _, set := range settings {
		set(server)
	}
	if server.TLS == nil {
		server.Start()
	} else {
		server.StartTLS()
	}
	DeferCleanup(server.Close)
	return server.Listener.Addr().String()
}

// passOn is a handler that asks the shared engine.
func passOn() http.Handler {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: suite.Brief.Address})
	}}
}

// A recorder passes requests on to an engine and keeps their lines.
type recorder struct {
	http.Handler

	lock     sync.Mutex
	requests []string // such as "GET /_ping"
}

func (r *recorder) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	line := request.Method + " " + request.URL.RequestURI()
	if request.Method == http.MethodConnect {
		line = request.Method + " " + request.Host
	}
	r.lock.Lock()
	r.requests = append(r.requests, line)
	r.lock.Unlock()
	r.Handler.ServeHTTP(w, request)
}

// Requests returns those of up to now, and forgets them.
func (r *recorder) Requests() []string {
	r.lock.Lock()
	defer r.lock.Unlock()
	requests := r.requests
	r.requests = nil
	return requests
}

// harmless are the only requests that dkr-ls may send: none changes anything. A query says which
// images to list, and whether their shared sizes as well.
var harmless = regexp.MustCompile(`^GET (/_ping|/v1\.[0-9]+/images/json(\?(filters=[^&]+|shared-size=1))?)$`)

// guard asks the shared engine for what is harmless, and refuses all else.
func guard() http.Handler {
	engine := passOn()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !harmless.MatchString(r.Method + " " + r.URL.RequestURI()) {
			http.Error(w, "refused by the suite", http.StatusForbidden)
			return
		}
		engine.ServeHTTP(w, r)
	})
}

var _ = Describe("what the engine is asked", func() {
	DescribeTable("is one ping and one GET of the list, which change nothing", func(ctx SpecContext, line string) {
		engine := &recorder{Handler: guard()}
		Expect(table(run(ctx, on("tcp://"+serve(engine)), strings.Fields(line)...))).NotTo(BeEmpty())
		asked := `^GET /v1\.[0-9]+/images/json`
		switch unique := strings.Contains(line, "--unique"); {
		case unique && suite.Brief.speaks("1.42"): // of all images, as engines take shared sizes from those that they list
			asked += `\?shared-size=1`
		case !unique && strings.Contains(line, "--prefix") && suite.Brief.speaks("1.44"):
			asked += `\?filters=[^&]+`
		}
		Expect(engine.Requests()).To(HaveExactElements(Equal("GET /_ping"), MatchRegexp(asked+"$")))
	},
		func(line string) string { return line },
		Entry(nil, "repos"), Entry(nil, "tags"),
		Entry(nil, "tags --prefix nginx --prefix debian"),
		Entry(nil, "tags --maxTags 1 --prefix nginx --prefix debian --sum=true"),
		Entry(nil, "tags --minAge 20 --minSize 100MB"),
		Entry(nil, "tags --quiet --no-trunc"), Entry(nil, "tags --digests"), Entry(nil, "tags --keep 1 --sort size"), Entry(nil, "tags --format json"),
		Entry(nil, `tags --format table{{.ID}}\t{{.Tag}}`), Entry(nil, "repos --format json"), Entry(nil, "repos --format {{.Repository}}{{.Size}}"),
		Entry(nil, "tags --unique"), Entry(nil, "tags --unique --prefix nginx"),
		Entry(nil, "--timeout 1m --log-level ERROR tags"),
	)
})
