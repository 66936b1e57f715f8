package integration_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
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
	server.Start()
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
	r.lock.Lock()
	r.requests = append(r.requests, request.Method+" "+request.URL.RequestURI())
	r.lock.Unlock()
	r.Handler.ServeHTTP(w, request)
}

// Requests returns those of up to now.
func (r *recorder) Requests() []string {
	r.lock.Lock()
	defer r.lock.Unlock()
	return slices.Clone(r.requests)
}

// ours is the newest version of the API that dkr-ls speaks: 1.51.
const ours = 51

// minor is 41 of the version 1.41.
func minor(version string) (n int) {
	GinkgoHelper()
	Expect(fmt.Sscanf(version, "1.%d", &n)).To(Equal(1))
	return n
}

var _ = Describe("the engine is asked", func() {
	// asked are the requests of a run.
	asked := func(ctx SpecContext, line string) []string {
		GinkgoHelper()
		engine := &recorder{Handler: passOn()}
		Expect(table(run(ctx, on("tcp://"+serve(engine)), strings.Fields(line)...))).NotTo(BeEmpty())
		return engine.Requests()
	}
	// get is a request in the newest API version that both sides speak.
	get := func(path string) string { return fmt.Sprintf("GET /v1.%d", min(ours, minor(suite.Brief.API))) + path }
	line := func(line string, _ ...any) string { return line }

	DescribeTable("for one ping and one list of images, and for nothing else", func(ctx SpecContext, line string) {
		Expect(asked(ctx, line)).To(Equal([]string{"GET /_ping", get("/images/json")}))
	}, line,
		Entry(nil, "repos"), Entry(nil, "tags"), Entry(nil, "repos --format json"), Entry(nil, "repos --sort size *n*"),
		Entry(nil, "tags --minAge 20 --maxAge 2000-01-01 --minSize 100MB --label team"), Entry(nil, "tags --quiet --no-trunc"),
		Entry(nil, "tags --digests nginx"), Entry(nil, "tags --keep 1 --sort size --exclude *:latest"), Entry(nil, "tags --format json nginx"),
		Entry(nil, `tags --format table{{.ID}}\t{{.Bytes}}\t{{.Labels}} *:latest`), Entry(nil, "--timeout 1m --log-level ERROR tags nginx <none>"),
	)

	DescribeTable("for some names or a prefix alone, where it can filter by them", func(ctx SpecContext, line, filter string) {
		list := Equal(get("/images/json"))
		if suite.Brief.speaks("1.44") && !suite.Image.Podman {
			list = HavePrefix(get("/images/json?filters=%7B%22reference%22:%7B%22" + filter))
		}
		Expect(asked(ctx, line)).To(HaveExactElements(Equal("GET /_ping"), list))
	}, line,
		Entry(nil, "tags nginx mysql:5.7 --sum", "mysql:5.7%22:true,%22nginx%22:true%7D%7D"), Entry(nil, "repos nginx", "nginx%22:true%7D%7D"),
		Entry(nil, "tags --prefix nginx --prefix debian --maxTags 1", "debian*%22:true,"), Entry(nil, "repos deb*", "deb*%22:true,"),
		Entry(nil, "tags mysql/*:5.7 datadog/agent", "datadog/agent%22:true,%22mysql/*%22:true,"),
	)

	DescribeTable("for what images share among all images, where it can report that", func(ctx SpecContext, line string) {
		list := get("/images/json")
		if suite.Brief.speaks("1.42") && !suite.Image.Podman {
			list += "?shared-size=1"
		}
		Expect(asked(ctx, line)).To(Equal([]string{"GET /_ping", list}))
	}, line,
		Entry(nil, "tags --unique"), Entry(nil, "tags --unique --prefix nginx nginx"),
	)

	DescribeTable("for containers after the images, where their names are wanted, or the list lacks their number", func(ctx SpecContext, line string, always bool) {
		wanted := []string{"GET /_ping", get("/images/json")}
		if always || !suite.Brief.countsContainers() {
			wanted = append(wanted, get("/containers/json?all=1"))
		}
		Expect(asked(ctx, line)).To(Equal(wanted))
	}, line,
		Entry(nil, "tags --unused *", false), Entry(nil, "tags --format {{.Containers}}", false), Entry(nil, "tags --format {{.UsedBy}}|", true),
	)
})

var _ = DescribeTable("DOCKER_API_VERSION is an error in the engine's words where it names a version that the engine does not speak",
	func(ctx SpecContext, version, said string) {
		dockerOnly("Podman answers requests of any API version")
		variables := on(suite.Brief.Host())
		variables["DOCKER_API_VERSION"] = version
		Expect(failure(run(ctx, variables, "tags"))).To(MatchRegexp(`\AError: listing images: the engine at %s \(chosen by DOCKER_HOST\): `+
			`it answers 400: client version %s %s API version is 1\.\d+\b.*; try: again without DOCKER_API_VERSION\z`, suite.Brief.Host(), version, said))
	},
	Entry("too old", "1.10", "is too old. Minimum supported"),
	Entry("too new", "1.99", "is too new. Maximum supported"),
)
