package integration_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

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

// serve serves on loopback until the spec ends and returns the host:port.
func serve(handler http.Handler) string {
	GinkgoHelper()
	server := httptest.NewServer(handler)
	DeferCleanup(server.Close)
	return server.Listener.Addr().String()
}

// harmless are the only requests that dkr-ls may send: none changes anything. A query says which
// images to list, and whether their shared sizes as well.
var harmless = regexp.MustCompile(`^((GET|HEAD) (/v1\.[0-9]+)?/_ping|GET (/v1\.[0-9]+)?/(version|images/json(\?(filters=[^&]+|(filters=[^&]+&)?shared-size=1))?))$`)

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

var _ = Describe("behind a proxy that refuses all that is not harmless", func() {
	for _, line := range []string{
		"repos", "tags",
		"tags --prefix nginx --prefix debian",
		"tags --maxTags 1 --prefix nginx --prefix debian --sum=true",
		"tags --minAge 20 --minSize 100MB",
		"tags --quiet --no-trunc", "tags --digests", "tags --keep 1 --sort size", "tags --format json",
		"tags --format table{{.ID}}\\t{{.Tag}}", "repos --format json", "repos --format {{.Repository}}{{.Size}}",
		"tags --unique", "tags --unique --prefix nginx",
		"--timeout 1m --log-level ERROR tags",
	} {
		It("lists with one ping and one GET of the list: "+line, func(ctx SpecContext) {
			engine := &recorder{Handler: guard()}
			session := run(ctx, on("tcp://"+serve(engine)), strings.Fields(line)...)
			Expect(table(session)).NotTo(BeEmpty())
			var query []string
			if strings.Contains(line, "--prefix") && suite.Brief.speaks("1.44") {
				query = append(query, "filters=[^&]+")
			}
			if strings.Contains(line, "--unique") && suite.Brief.speaks("1.42") {
				query = append(query, "shared-size=1")
			}
			asked := `^GET /v1\.[0-9]+/images/json`
			if len(query) > 0 {
				asked += `\?` + strings.Join(query, "&")
			}
			Expect(engine.Requests()).To(HaveExactElements(Equal("GET /_ping"), MatchRegexp(asked+"$")))
		})
	}

	DescribeTable("asks nothing where nothing is to be listed", func(ctx SpecContext, line string, status int) {
		engine := &recorder{Handler: guard()}
		session := run(ctx, on("tcp://"+serve(engine)), strings.Fields(line)...)
		Expect(session).To(gexec.Exit(status))
		Expect(engine.Requests()).To(BeEmpty())
	},
		Entry("the example that is wrong use", "repos --maxTags 3", 2),
		Entry("help", "help tags", 0),
		Entry("the version", "version", 0),
		Entry("no command", "", 2),
	)

	It("prints the same as without", func(ctx SpecContext) {
		expectExample(ctx, run(ctx, on("tcp://"+serve(guard())), "tags"))
	})
})
