package integration_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

var _ = Describe("200 engines on loopback at once", func() {
	const (
		engines = 200
		bound   = 20 * time.Second // on a busy machine; alone they take about a second
	)
	name := func(i int) string { return fmt.Sprintf("engine-%03d", i) }

	// answering answers as an engine with one image, whose name is the context's.
	answering := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Api-Version", "1.45")
			if strings.HasSuffix(r.URL.Path, "/images/json") {
				_ = json.NewEncoder(w).Encode([]summary{{
					ID: "sha256:" + strings.Repeat("a", 64), RepoTags: []string{name + ":1"}, Created: 1_600_000_000, Size: 1,
				}})
			}
		}
	}

	// contexts makes a config folder with a context for each engine, and the default context's
	// address. The engines from hanging on never answer.
	contexts := func(hanging int) (dir, address string) {
		GinkgoHelper()
		all := map[string]dockerContext{}
		done := make(chan struct{})
		for i := range engines {
			handler := answering(name(i))
			if i >= hanging {
				handler = func(http.ResponseWriter, *http.Request) { <-done }
			}
			all[name(i)] = dockerContext{Host: "tcp://" + serve(handler)}
		}
		DeferCleanup(func() { close(done) }) // before the servers end, which wait for their handlers
		return dockerConfig("{}", all), "tcp://" + serve(answering("default"))
	}

	// list runs dkr-ls on all contexts, which must take no longer than the bound.
	list := func(ctx SpecContext, dir, address string, args ...string) *gexec.Session {
		GinkgoHelper()
		start := time.Now()
		session := run(ctx, map[string]string{"DOCKER_CONFIG": dir, "DOCKER_HOST": address},
			append([]string{"tags", "--context", "*", "--format", "{{.Context}} {{.Repository}}"}, args...)...)
		took := time.Since(start)
		AddReportEntry("200 engines took", took.Round(time.Millisecond).String())
		Expect(took).To(BeNumerically("<", bound))
		return session
	}

	// lines are what dkr-ls prints of the default engine and of the first of the others.
	lines := func(answered int) []string {
		all := []string{"default default"}
		for i := range answered {
			all = append(all, name(i)+" "+name(i))
		}
		return all
	}
	printed := func(session *gexec.Session) []string {
		all := strings.Split(strings.TrimSuffix(string(session.Out.Contents()), "\n"), "\n")
		slices.Sort(all)
		return all
	}

	It("are all listed", func(ctx SpecContext) {
		dir, address := contexts(engines)
		session := list(ctx, dir, address)
		Expect(string(session.Err.Contents())).To(BeEmpty(), "stderr")
		Expect(session).To(gexec.Exit(0))
		Expect(printed(session)).To(Equal(lines(engines)))
	})

	It("are listed but for the one that hangs, which has a line on stderr", func(ctx SpecContext) {
		dir, address := contexts(engines - 1)
		session := list(ctx, dir, address, "--timeout", "4s")
		Expect(session).To(gexec.Exit(1))
		Expect(printed(session)).To(Equal(lines(engines - 1)))
		Expect(string(session.Err.Contents())).To(MatchRegexp(
			`\AError: context engine-199: listing images: the engine at tcp://127\.0\.0\.1:\d+ ` +
				`\(chosen by context engine-199 \(--context\)\): no answer within 4s; try: a longer --timeout\n\z`))
	})
})
