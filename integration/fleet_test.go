package integration_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

// together lets no request pass until n engines have been pinged: asked one after another, none answers.
func together(n int64) func(engine http.HandlerFunc) http.HandlerFunc {
	var pinged atomic.Int64
	all := make(chan struct{})
	return func(engine http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/_ping") && pinged.Add(1) == n {
				close(all)
			}
			select {
			case <-all:
				engine(w, r)
			case <-r.Context().Done(): // dkr-ls has given up
			}
		}
	}
}

var _ = Describe("--context '*'", func() {
	It("asks 200 engines at once, and lists those that answer; one that hangs costs its own rows and a line on stderr", func(ctx SpecContext) {
		const engines = 200 // and the default one
		once, shared := together(engines+1), passOn().ServeHTTP
		hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
		contexts, wanted := map[string]dockerContext{}, []string{"default debian"}
		for i := range engines - 1 {
			name := fmt.Sprintf("engine-%03d", i)
			contexts[name] = dockerContext{Host: "tcp://" + serve(once(shared))}
			wanted = append(wanted, name+" debian")
		}
		hung := "tcp://" + serve(once(hang))
		contexts["hung"] = dockerContext{Host: hung}

		session := run(ctx, map[string]string{"DOCKER_CONFIG": dockerConfig("{}", contexts), "DOCKER_HOST": "tcp://" + serve(once(shared))},
			"tags", "--context", "*", "--prefix", "debian", "--format", "{{.Context}} {{.Repository}}", "--timeout", "15s")
		Expect(strings.Split(strings.TrimSpace(string(session.Out.Contents())), "\n")).To(ConsistOf(wanted))
		Expect(string(session.Err.Contents())).To(Equal("Error: context hung: listing images: the engine at " + hung +
			" (chosen by context hung (--context)): no answer within 15s; try: a longer --timeout\n"))
		Expect(session).To(gexec.Exit(1))
	})
})
