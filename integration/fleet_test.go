package integration_test

import (
	"fmt"
	"net/http"
	"slices"
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
	const engines = 200
	name := func(i int) string { return fmt.Sprintf("engine-%03d", i) }

	// contexts are those of the engines, which are one by many addresses, and the default one. Those from hanging on never answer.
	contexts := func(hanging int) map[string]string {
		GinkgoHelper()
		once, shared := together(engines+1), passOn().ServeHTTP
		all := map[string]dockerContext{}
		for i := range engines {
			answer := shared
			if i >= hanging {
				answer = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
			}
			all[name(i)] = dockerContext{Host: "tcp://" + serve(once(answer))}
		}
		return map[string]string{"DOCKER_CONFIG": dockerConfig("{}", all), "DOCKER_HOST": "tcp://" + serve(once(shared))}
	}
	tags := func(timeout string) []string {
		return []string{"tags", "--context", "*", "--prefix", "debian", "--format", "{{.Context}} {{.Repository}}", "--timeout", timeout}
	}
	// listed are the lines of the default engine and of the first of the others.
	listed := func(answered int) string {
		lines := []string{"default debian\n"}
		for i := range answered {
			lines = append(lines, name(i)+" debian\n")
		}
		return strings.Join(lines, "")
	}
	sorted := func(session *gexec.Session) string {
		lines := slices.Collect(strings.Lines(string(session.Out.Contents())))
		slices.Sort(lines)
		return strings.Join(lines, "")
	}

	It("asks 200 engines at once", func(ctx SpecContext) {
		session := run(ctx, contexts(engines), tags("1m")...)
		Expect(table(session)).NotTo(BeEmpty())
		Expect(sorted(session)).To(Equal(listed(engines)))
	})

	It("lists those that answer where one of 200 engines hangs, which costs its own rows and a line on stderr", func(ctx SpecContext) {
		session := run(ctx, contexts(engines-1), tags("10s")...)
		Expect(session).To(gexec.Exit(1))
		Expect(sorted(session)).To(Equal(listed(engines - 1)))
		Expect(string(session.Err.Contents())).To(MatchRegexp(
			`\AError: context engine-199: listing images: the engine at tcp://127\.0\.0\.1:\d+ ` +
				`\(chosen by context engine-199 \(--context\)\): no answer within 10s; try: a longer --timeout\n\z`))
	})
})
