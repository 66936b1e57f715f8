package main

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"

	"github.com/distribution/reference"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("--prefix", func() {
	const (
		cannot = "no repository can start with that (did you mean --prefix "
		never  = "no repository can start with that, only with plain text such as team/"
	)

	DescribeTable("refuses what no repository can start with, and says what to write", func(ctx SpecContext, text, reason string) {
		Expect(unconnected(ctx, "tags", "--prefix=nginx", "--prefix="+text)).To(Equal(wrongUse(invalid(text, "--prefix", reason), ofTags)))
	},
		Entry("a star after a folder", "team/*", cannot+"team/?)"),
		Entry("a star after a word", "team*", cannot+"team?)"),
		Entry("a question mark", "nginx?", cannot+"nginx?)"),
		Entry("a tag", "nginx:latest", cannot+"nginx?)"),
		Entry("a tag with dots", "nginx:1.25", cannot+"nginx?)"),
		Entry("a tag of digits", "redis:7", cannot+"redis?)"),
		Entry("a tag after a folder", "team/web:latest", cannot+"team/web?)"),
		Entry("a tag of digits after a folder", "team/web:7", cannot+"team/web?)"),
		Entry("a tag after a registry", "localhost:5000/web:1", cannot+"localhost:5000/web?)"),
		Entry("a tag of any repository", "*:latest", never),
		Entry("a comma", "nginx,debian", cannot+"nginx --prefix debian?)"),
		Entry("a comma and a space", "nginx, debian", cannot+"nginx --prefix debian?)"),
		Entry("a comma and a tag", "nginx:1.2,debian", cannot+"nginx --prefix debian?)"),
		Entry("a digest", "nginx@sha256:00", cannot+"nginx?)"),
		Entry("upper case after a folder", "team/Web", cannot+"team/?)"),
		Entry("a leading slash", "/team", cannot+"team?)"),
		Entry("a leading space", " nginx", cannot+"nginx?)"),
		Entry("a URL", "https://registry.example.com/team", never),
		Entry("<none>:<none>", "<none>:<none>", cannot+"'<none>'?)"),
		Entry("three underscores", "a___b", cannot+"a__?)"),
		Entry("a character that no name has", "%", never),
		Entry("the long name of an official image", "docker.io/library/nginx", "docker lists it as nginx (did you mean --prefix nginx?)"),
		Entry("that name with a tag", "docker.io/library/nginx:latest", cannot+"nginx?)"),
		Entry("half of that name", "library/nginx", "docker lists it as nginx (did you mean --prefix nginx?)"),
		Entry("the long name of another image of Docker Hub", "docker.io/grafana/", "docker lists it as grafana/ (did you mean --prefix grafana/?)"),
		Entry("Docker Hub's old address", "index.docker.io/grafana/loki", "docker lists it as grafana/loki (did you mean --prefix grafana/loki?)"),
		Entry("Docker Hub as a whole", "docker.io/", never),
		Entry("nothing, as by an unset variable", "", "every repository starts with that; to list all, leave out --prefix"),
	)

	taken := func(ctx SpecContext, text string) bool { return dkrls(ctx, "tags", "--prefix", text).status == 0 }

	DescribeTable("takes what one can start with", func(ctx SpecContext, texts ...string) {
		for _, text := range texts {
			Expect(taken(ctx, text)).To(BeTrue(), text)
		}
	},
		Entry("a word, a folder", "nginx", "team/", "library/team/web"),
		Entry("a registry and its port", "localhost:5000/x", "registry:5000/", "[::1]:5000/a"),
		Entry("long names and hosts", strings.Repeat("0123456789abcdef", 8), "a/"+strings.Repeat("b", 253), "123456789000.dkr.ecr.us-east-1.amazonaws.com/webapp", "a__b/c--d/e.f_g"),
		Entry("half a port", "localhost:50", "localhost:", "registry.example.com:50"),
		Entry("upper case in a host", "Registry.example.com/a", "Reg"),
		Entry("a host that starts like Docker Hub's", "docker.io.example.com/a"),
		Entry("<none> and its beginning", "<none>", "<n"),
	)

	It("agrees with the reference package on what a name can start with", func() {
		random := rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), 0))
		ipv6WithoutColon := regexp.MustCompile(`^\[[^:]*\]/`) // no address, though that package takes it
		tag := regexp.MustCompile(`^[a-z0-9_-]+:[0-9]+$`)     // which could be a port, too
		right := 0
		for range 2_000 {
			text := ""
			for range 1 + random.IntN(7) {
				text += string("abZ09-_./:[]*@"[random.IntN(14)])
			}
			if ipv6WithoutColon.MatchString(text) {
				continue
			}
			isRight := canGoOn(text) && !tag.MatchString(text)
			if isRight {
				right++
			}
			Expect(prefix(new([]string))(text) == nil).To(Equal(isRight), "%q", text)
		}
		Expect(right).To(BeNumerically(">", 100))
	})
})

// canGoOn reports whether one of these endings makes text the name of a repository, as docker lists it.
func canGoOn(text string) bool {
	return slices.ContainsFunc([]string{"", "a", "/a", "a/a", "0/a", ":0/a", "]/a", "::1]/a"}, func(ending string) bool {
		named, err := reference.ParseNormalizedNamed(text + ending)
		return err == nil && reference.IsNameOnly(named) && reference.FamiliarName(named) == text+ending
	})
}
