package main

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"github.com/distribution/reference"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("a filter on repositories", func() {
	DescribeTable("with which none can start is wrong use, with the right form", func(ctx SpecContext, text, reason string) {
		for _, flag := range []string{"--prefix", "--exclude"} {
			message := "invalid argument \"" + text + "\" for \"" + flag + "\" flag: " + strings.ReplaceAll(reason, "FLAG", flag)
			want := result{2, "", "Error: " + message + "\n" + wrongUsage("tags [flags]")}
			Expect(unconnected(ctx, "tags", flag, text)).To(Equal(want))
			Expect(unconnected(ctx, "tags", "--prefix=nginx", flag+"="+text)).To(Equal(want))
		}
	},
		Entry("a star behind a folder", "team/*", "no repository can start with that (did you mean FLAG team/?)"),
		Entry("a star behind a word", "team*", "no repository can start with that (did you mean FLAG team?)"),
		Entry("a question mark", "nginx?", "no repository can start with that (did you mean FLAG nginx?)"),
		Entry("a tag", "nginx:latest", "no repository can start with that (did you mean FLAG nginx?)"),
		Entry("a tag with dots", "nginx:1.25", "no repository can start with that (did you mean FLAG nginx?)"),
		Entry("a tag behind a folder", "team/web:latest", "no repository can start with that (did you mean FLAG team/web?)"),
		Entry("a tag of digits behind a folder", "team/web:7", "no repository can start with that (did you mean FLAG team/web?)"),
		Entry("a tag behind a registry", "localhost:5000/web:1", "no repository can start with that (did you mean FLAG localhost:5000/web?)"),
		Entry("any repository's tag", "*:latest", "no repository can start with that, only with plain text such as team/"),
		Entry("a comma", "nginx,debian", "no repository can start with that (did you mean FLAG nginx FLAG debian?)"),
		Entry("a comma and a space", "nginx, debian", "no repository can start with that (did you mean FLAG nginx FLAG debian?)"),
		Entry("a comma and a tag", "nginx:1.2,debian", "no repository can start with that (did you mean FLAG nginx FLAG debian?)"),
		Entry("a digest", "nginx@sha256:00", "no repository can start with that (did you mean FLAG nginx?)"),
		Entry("upper case behind a folder", "team/Web", "no repository can start with that (did you mean FLAG team/?)"),
		Entry("a leading slash", "/team", "no repository can start with that (did you mean FLAG team?)"),
		Entry("a space before it", " nginx", "no repository can start with that (did you mean FLAG nginx?)"),
		Entry("a URL", "https://registry.example.com/team", "no repository can start with that, only with plain text such as team/"),
		Entry("untagged images, as rows show them", "<none>:<none>", "no repository can start with that (did you mean FLAG '<none>'?)"),
		Entry("three underscores", "a___b", "no repository can start with that (did you mean FLAG a__?)"),
		Entry("what no name has", "%", "no repository can start with that, only with plain text such as team/"),
		Entry("docker's name of Docker Hub's official images", "docker.io/library/nginx", "docker lists it as nginx (did you mean FLAG nginx?)"),
		Entry("with a tag", "docker.io/library/nginx:latest", "no repository can start with that (did you mean FLAG nginx?)"),
		Entry("half of it", "library/nginx", "docker lists it as nginx (did you mean FLAG nginx?)"),
		Entry("Docker Hub's other images", "docker.io/grafana/", "docker lists it as grafana/ (did you mean FLAG grafana/?)"),
		Entry("Docker Hub's old name", "index.docker.io/grafana/loki", "docker lists it as grafana/loki (did you mean FLAG grafana/loki?)"),
		Entry("Docker Hub as a whole", "docker.io/", "no repository can start with that, only with plain text such as team/"),
		Entry("a tag of digits", "redis:7", "no repository can start with that (did you mean FLAG redis?)"),
	)

	DescribeTable("is right where one can start with it", func(ctx SpecContext, text string) {
		Expect(dkrls(ctx, "tags", "--prefix", text).status).To(BeZero())
		Expect(dkrls(ctx, "tags", "--exclude="+text).status).To(BeZero())
	},
		Entry("a word", "nginx"), Entry("a folder", "team/"), Entry("a registry", "localhost:5000/x"),
		Entry("half a port", "localhost:50"), Entry("no port yet", "localhost:"), Entry("a port of a host with dots", "registry.example.com:50"),
		Entry("a registry of one word", "registry:5000/"), Entry("untagged images", "<none>"), Entry("their beginning", "<n"),
		Entry("upper case in a host", "Registry.example.com/a"), Entry("upper case in what may be a host", "Reg"), Entry("an IPv6 address", "[::1]:5000/a"),
		Entry("official-looking, but deeper", "library/team/web"), Entry("a host that starts like Docker Hub's", "docker.io.example.com/a"),
	)

	It("is everything where it is empty, which nobody wants to leave out", func(ctx SpecContext) {
		Expect(dkrls(ctx, "tags", "--prefix", "")).To(Equal(dkrls(ctx, "tags")))
		Expect(unconnected(ctx, "tags", "--exclude", "")).To(Equal(
			result{2, "", "Error: invalid argument \"\" for \"--exclude\" flag: every repository starts with that\n" + wrongUsage("tags [flags]")}))
	})

	It("is right for each beginning of each name that docker lists", func() {
		beginnings := 0
		for _, name := range []string{
			"nginx", "team/web", "a__b/c--d/e.f_g", "localhost/a", "localhost:5000/team/app", "reg.example.com:443/a.b/c", "UPPER/a", "Up-per.Case:1/a",
			"[::1]:5000/a", "[fe80::1]/a", "123456789000.dkr.ecr.us-east-1.amazonaws.com/webapp", "1.2.3.4:80/x", "docker.io.example.com/a",
			strings.Repeat("0123456789abcdef", 8), "a/" + strings.Repeat("b", 253),
		} {
			named, err := reference.ParseNormalizedNamed(name)
			Expect(err).NotTo(HaveOccurred(), name)
			Expect(reference.FamiliarName(named)).To(Equal(name))
			for end := range len(name) {
				beginnings++
				if beginning := name[:end+1]; beginning != "docker.io" { // nobody means this host
					Expect(rightForms(beginning)).To(Equal([]string{beginning}))
				}
			}
		}
		Expect(beginnings).To(BeNumerically(">", 600))
	})

	It("is right where the reference package knows how it could go on, and nowhere else", func() {
		random := rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), 0))
		right := 0
		for range 5_000 {
			text := ""
			for range 1 + random.IntN(7) {
				text += string("abZ09-_./:[]*@"[random.IntN(14)])
			}
			if regexp.MustCompile(`^\[[^:]*\]/`).MatchString(text) { // no address of IPv6, and no name
				continue
			}
			isRight := canGoOn(text) && !regexp.MustCompile(`^[a-z0-9_-]+:[0-9]+$`).MatchString(text)
			if isRight {
				right++
			}
			if got := rightForms(text); isRight != (len(got) == 1 && got[0] == text) {
				Fail(fmt.Sprintf("%q is taken for %q", text, got))
			}
		}
		Expect(right).To(BeNumerically(">", 300))
	})
})

// canGoOn reports whether one of these endings makes text the name of a repository, as docker lists it.
func canGoOn(text string) bool {
	return slices.ContainsFunc([]string{"", "a", "/a", "a/a", "0/a", ":0/a", "]/a", "::1]/a"}, func(ending string) bool {
		named, err := reference.ParseNormalizedNamed(text + ending)
		return err == nil && reference.IsNameOnly(named) && reference.FamiliarName(named) == text+ending
	})
}
