package engine_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/distribution/reference"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// asked returns the patterns that an engine of this Server header is asked for repositories with prefixes by.
func asked(ctx context.Context, server, version string, prefixes ...string) (patterns []string) {
	GinkgoHelper()
	return askedFor(ctx, server, version, lister.Want{Prefixes: prefixes})
}

// askedFor returns the patterns that an engine of this Server header is asked for what is wanted by.
func askedFor(ctx context.Context, server, version string, want lister.Want) (patterns []string) {
	GinkgoHelper()
	host := standIn(version, func(w http.ResponseWriter, r *http.Request) {
		var filters map[string]map[string]bool
		if text := r.URL.Query().Get("filters"); text != "" {
			Expect(json.Unmarshal([]byte(text), &filters)).To(Succeed())
		}
		for pattern := range filters["reference"] {
			patterns = append(patterns, pattern)
		}
		_, _ = w.Write([]byte("[]"))
	}, "Server", server)
	Expect(collect(connect(endpoint.Options{Host: host}, nil).Images(ctx, want))).To(BeEmpty())
	return patterns
}

var _ = Describe("the engine is asked", func() {
	const docker = "Docker/29.1.0 (linux)"

	// matched reports whether an image matches any of the patterns for Docker's engine.
	matched := func(patterns []string, image string) bool {
		GinkgoHelper()
		ref, err := reference.ParseDockerRef(image)
		Expect(err).NotTo(HaveOccurred())
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			matched, err := reference.FamiliarMatch(pattern, ref)
			Expect(err).NotTo(HaveOccurred())
			return matched
		})
	}

	DescribeTable("for names that start with a prefix", func(ctx SpecContext, prefix, name string, found bool) {
		patterns := asked(ctx, docker, "1.52", "other", prefix)
		for _, suffix := range []string{":1", "@sha256:" + strings.Repeat("0f", 32)} {
			Expect(matched(patterns, name+suffix)).To(Equal(found), suffix)
		}
	},
		Entry("elsewhere", "team1", "a/team1", false),
		Entry("25 folders below, which no forge has", "team1", "team1"+strings.Repeat("/a", 25), false),
		Entry("25 folders deep, and 24 below", "team1/", "team1"+strings.Repeat("/a", 25), true),
		Entry("of a registry without a name", "[2001:db8::1]:5000/", "[2001:db8::1]:5000/app", true),
		Entry("in a part of its address", "[2001:", "[2001:db8::1]:5000/app", true),
	)

	It("for every name that is not deeper, wherever the prefix ends", func(ctx SpecContext) {
		const registry = "registry.example.com:5000"
		deepest := registry + strings.Repeat("/a-b.c_d", 24)
		for end := 1; end <= len(deepest); end++ {
			prefix := deepest[:end]
			patterns := asked(ctx, docker, "1.52", prefix)
			for name := deepest; len(name) >= max(end, len(registry)+1); name = name[:strings.LastIndex(name, "/")] {
				Expect(matched(patterns, name+":a.b-c")).To(BeTrue(), "%s of %s", name, prefix)
			}
		}
	})

	DescribeTable("for names", func(ctx SpecContext, name string, found ...string) {
		patterns := askedFor(ctx, docker, "1.52", lister.Want{Names: []string{name, "other"}, Prefixes: []string{"x"}})
		for _, image := range []string{"nginx:1", "nginx:10", "nginx@sha256:" + strings.Repeat("0f", 32), "team/nginx:1", "[2001:db8::1]:5000/app:1"} {
			Expect(matched(patterns, image)).To(Equal(slices.Contains(found, image)), image)
		}
		Expect(matched(patterns, "x/app:1")).To(BeTrue(), "or for a prefix")
	},
		Entry("with all tags", "nginx", "nginx:1", "nginx:10", "nginx@sha256:"+strings.Repeat("0f", 32)),
		Entry("with one tag", "nginx:1", "nginx:1"),
		Entry("in a registry without a name", "[2001:db8::1]:5000/app", "[2001:db8::1]:5000/app:1"),
	)

	DescribeTable("for all names in place of some", func(ctx SpecContext, server, version string, want lister.Want) {
		Expect(askedFor(ctx, server, version, want)).To(BeEmpty())
	},
		Entry("with one that is shown escaped", docker, "1.52", lister.Want{Names: []string{"nginx", `a\x20`}, Prefixes: []string{"a"}}),
		Entry("with a prefix that is shown escaped", docker, "1.52", lister.Want{Names: []string{"nginx"}, Prefixes: []string{"a ", "a"}}),
		Entry("where it compares sizes", docker, "1.52", lister.Want{Names: []string{"nginx"}, SharedSize: true}),
		Entry("where it has graph drivers only", docker, "1.43", lister.Want{Names: []string{"nginx"}}),
	)

	DescribeTable("for all names", func(ctx SpecContext, server, version string, prefixes ...string) {
		Expect(asked(ctx, server, version, prefixes...)).To(BeEmpty())
	},
		Entry("without a prefix", docker, "1.52"),
		Entry("with an empty one", docker, "1.52", "a", ""),
		Entry("with one of untagged images", docker, "1.52", "a", "<none>"),
		Entry("with one of all patterns", docker, "1.52", "a*"),
		Entry("with one of an escaped name", docker, "1.52", `a\x20`),
		Entry("with one of a name that is shown escaped", docker, "1.52", "a b"),
		Entry("with more than fit into a request's first line", docker, "1.52", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "a10", "a11", "a12", "a13"),
		Entry("where it has graph drivers only", docker, "1.43", "a"),
		Entry("where it is Podman", "Libpod/5.0.0 (linux)", "1.44", "a"),
		Entry("where it does not say what it is", "", "1.52", "a"),
	)

	DescribeTable("for what images share where that is wanted, and it can report it", func(ctx SpecContext, version string, want lister.Want, query string) {
		var asked string
		host := standIn(version, func(w http.ResponseWriter, r *http.Request) {
			asked = r.URL.RawQuery
			_, _ = w.Write([]byte("[]"))
		}, "Server", docker)
		Expect(collect(connect(endpoint.Options{Host: host}, nil).Images(ctx, want))).To(BeEmpty())
		Expect(asked).To(Equal(query))
	},
		Entry("not wanted", "1.51", lister.Want{}, ""),
		Entry("wanted", "1.51", lister.Want{SharedSize: true}, "shared-size=1"),
		Entry("wanted with a prefix: it compares only the images that it lists", "1.52", lister.Want{SharedSize: true, Prefixes: []string{"a"}}, "shared-size=1"),
		Entry("wanted of the oldest that knows it", "1.42", lister.Want{SharedSize: true}, "shared-size=1"),
		Entry("wanted of an older one, which could take it for an error", "1.41", lister.Want{SharedSize: true}, ""),
	)

	DescribeTable("and believed only where it was asked and can report it", func(ctx SpecContext, server, version string, wanted bool, shared int64) {
		host := standIn(version, answer(http.StatusOK, `[{"Id":"a","Size":5,"SharedSize":0}]`), "Server", server)
		for _, set := range []string{"", version} {
			client := connect(endpoint.Options{Host: host}, map[string]string{"DOCKER_API_VERSION": set})
			all, err := collect(client.Images(ctx, lister.Want{SharedSize: wanted}))
			Expect(err).NotTo(HaveOccurred())
			Expect(all).To(HaveExactElements(HaveField("SharedSize", shared)), set)
		}
	},
		Entry("Docker", docker, "1.51", true, int64(0)),
		Entry("Docker, not asked", docker, "1.51", false, int64(-1)),
		Entry("Docker, too old", docker, "1.41", true, int64(-1)),
		Entry("Podman, which says 0 of all", "Libpod/5.4.2 (linux)", "1.44", true, int64(-1)),
	)
})

var _ = DescribeTable("a client hangs up", func(ctx SpecContext, body string, first types.GomegaMatcher) {
	left, release := make(chan struct{}), make(chan struct{})
	host := standIn("1.41", func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(body))
		_ = http.NewResponseController(w).Flush()
		select {
		case <-r.Context().Done():
			close(left)
		case <-release:
		}
	})
	DeferCleanup(func() { close(release) })
	got := 0
	for _, err := range connect(endpoint.Options{Host: host}, nil).Images(ctx, lister.Want{}) {
		Expect(err).To(first)
		got++
		break
	}
	Expect(got).To(Equal(1))
	Eventually(ctx, left).WithTimeout(10 * time.Second).Should(BeClosed())
},
	Entry("where the caller has enough", "["+strings.Repeat(`{"Id":"a"},`, 20_000), Succeed()),
	Entry("where the answer is broken", "[1"+strings.Repeat(" ", 1<<17), MatchError(ContainSubstring("its answer is broken"))),
)
