package main

import (
	"math/rand/v2"
	"strings"

	"github.com/distribution/reference"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("a pattern", func() {
	DescribeTable("that can match a name is taken", func(text string) {
		Expect(patterns([]string{text})).To(Equal([]lister.Pattern{lister.ParsePattern(text)}))
	},
		Entry(nil, "nginx"), Entry(nil, "nginx:1.25"), Entry(nil, "host:5000/team/app:v1"), Entry(nil, "localhost/app"), Entry(nil, "team/*"),
		Entry(nil, "*:latest"), Entry(nil, "nginx:1.*"), Entry(nil, "*:*-rc*"), Entry(nil, "*"), Entry(nil, "?"), Entry(nil, "*:_?"), Entry(nil, "host:50??/*"),
		Entry(nil, "host:*/app"), Entry(nil, "*.io/*"), Entry(nil, "[*]:5000/*"), Entry(nil, "<none>"), Entry(nil, "<none>:<none>"), Entry(nil, "nginx:<none>"),
		Entry(nil, "<*"), Entry(nil, "docker.io/library/nginx"), Entry(nil, "docker.io/team/*"), Entry(nil, "Registry/app"), Entry(nil, "app:"+strings.Repeat("a", 128)),
	)

	DescribeTable("that can match none is refused, with the right form", func(text, reason string) {
		all, err := patterns([]string{"nginx", text})
		Expect(err).To(MatchError("invalid pattern " + reason))
		Expect(all).To(BeNil())
	},
		Entry("an empty one", "", `"": no image can have such a name`),
		Entry("a folder", "team/", `"team/": no image can have such a name (did you mean 'team/*'?)`),
		Entry("a tag alone", ":latest", `":latest": no image can have such a name (did you mean '*:latest'?)`),
		Entry("no tag", "nginx:", `"nginx:": no image can have such a name (did you mean nginx?)`),
		Entry("several in one", "nginx,debian:*", `"nginx,debian:*": no image can have such a name (did you mean nginx 'debian:*'?)`),
		Entry("in capitals", "Nginx", `"Nginx": no image can have such a name (did you mean nginx?)`),
		Entry("with a digest", "nginx@sha256:aa", `"nginx@sha256:aa": no image can have such a name (did you mean nginx?)`),
		Entry("behind a slash", "/nginx", `"/nginx": no image can have such a name (did you mean nginx?)`),
		Entry("with two slashes", "a//b*", `"a//b*": no image can have such a name`),
		Entry("a tag that is too long", "app:"+strings.Repeat("a", 129), `"app:`+strings.Repeat("a", 129)+`": no image can have such a name`),
		Entry("a tag that cannot start so", "app:-1*", `"app:-1*": no image can have such a name`),
		Entry("all of Docker Hub", "docker.io/*", `"docker.io/*": docker lists the images of Docker Hub without its name`),
		Entry("all of Docker Hub's own", "docker.io/library/*", `"docker.io/library/*": docker lists the images of Docker Hub without its name`),
	)

	It("is taken if it matches any name that docker accepts", func() {
		seed := uint64(GinkgoRandomSeed())
		AddReportEntry("names from seed", seed)
		random := rand.New(rand.NewPCG(seed, 0))
		names := []string{
			"nginx:1.25", "a/b/c/d:v1.2.3_4-5", "a__b.c--d:_nightly", "localhost:5000/a:1", "[2001:db8::1]:5000/a/b:1", "Foo/bar:1", "registry.example.com/a:A",
			"quay.io:443/library/x:y", "Foo.bar:80/baz/qux:1", "x.y/z:__",
		}
		for range 3_000 {
			name := names[random.IntN(len(names))]
			_, err := reference.ParseNormalizedNamed(name)
			Expect(err).NotTo(HaveOccurred())
			glob := []byte(name)
			for range 1 + random.IntN(3) {
				i := random.IntN(len(glob))
				if random.IntN(2) == 0 {
					glob[i] = '?'
					continue
				}
				end := i + random.IntN(len(glob)-i+1)
				glob = append(append(glob[:i:i], '*'), glob[end:]...)
			}
			repository, tag := name[:strings.LastIndex(name, ":")], name[strings.LastIndex(name, ":")+1:]
			pattern := lister.ParsePattern(string(glob))
			if pattern.Matches(&lister.Row{Repository: repository, Tag: tag}) {
				Expect(matchesSome(string(glob))).To(BeTrue(), "%s of %s", glob, name)
			}
		}
	})
})

var _ = DescribeTable("help is wrapped between words", func(columns int, text, want string) {
	Expect(wrap(text, columns)).To(Equal(want))
},
	Entry("that fit", 11, "one two two\nthree", "one two two\nthree\n"),
	Entry("that do not", 10, "one two two three\n\nfour", "one two\ntwo three\n\nfour\n"),
	Entry("but for longer ones", 5, "a longword b", "a\nlongword\nb\n"),
)

var _ = Describe("help", func() {
	It("fits a terminal of 80 columns", func() {
		texts := []string{programHelp(80)}
		for _, c := range commands() {
			texts = append(texts, c.help(80))
		}
		Expect(texts).To(HaveLen(6))
		for line := range strings.Lines(strings.Join(texts, "")) {
			Expect(len(line)).To(BeNumerically("<=", len("\n")+80), line)
		}
	})
})
