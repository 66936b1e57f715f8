package main

import (
	"errors"
	"math"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const (
	header = "REPOSITORY                                                              TAG                        IMAGE ID            CREATED             SIZE\n"
	nginx  = "nginx                                                                   latest                     7e4d58f0e5f3        2 weeks ago         133MB\n"
	debian = "debian                                                                  slim                       108d75da320f        2 months ago        69.2MB\n"
	total  = "                                                                                                                       TOTAL               202.2MB\n"
)

var _ = DescribeTable("dkr-ls repos", func(ctx SpecContext, want string, flags ...string) {
	Expect(dkrls(ctx, append([]string{"repos"}, flags...)...)).To(Equal(result{0, want, ""}))
},
	Entry("a pattern lists the repositories that it matches", "REPOSITORY\ndebian\n", "deb*"),
	Entry("lists repositories, newest image first", "REPOSITORY\nnginx\ndebian\n"),
	Entry("sorts by size", "REPOSITORY\nnginx\ndebian\n", "--sort", "size"),
	Entry("sorts by name", "REPOSITORY\ndebian\nnginx\n", "--sort", "repository"),
	Entry("fills a template", "nginx 1 133MB\ndebian 1 69.2MB\n", "--format", "{{.Repository}} {{.Tags}} {{.Size}}"),
	Entry("prints JSON", `{"repository":"nginx","tags":1,"size":133000000,"created":"2020-09-09T12:00:00Z"}
{"repository":"debian","tags":1,"size":69200000,"created":"2020-07-11T12:00:00Z"}
`, "--format", "json"),
)

var _ = DescribeTable("dkr-ls tags", func(ctx SpecContext, want string, flags ...string) {
	Expect(dkrls(ctx, append([]string{"tags"}, flags...)...)).To(Equal(result{0, want, ""}))
},
	Entry("lists tags, newest image first", header+nginx+debian),
	Entry("--prefix lists repositories that start with it", header+nginx, "--prefix", "nginx"),
	Entry("--prefix may be repeated", header+nginx+debian, "--prefix", "nginx", "--prefix=debian"),
	Entry("a pattern lists what it matches", header+nginx, "ng*:latest"),
	Entry("several patterns list what one of them matches", header+nginx+debian, "debian", "--", "nginx:latest"),
	Entry("a pattern of Docker Hub's long name is the short one", header+nginx, "docker.io/library/nginx"),
	Entry("a pattern of an image that is not there lists nothing", "", "-q", "nginx:1.25"),
	Entry("--exclude leaves out what it matches", header+debian, "--exclude", "*:latest"),
	Entry("--unused leaves out images in use", header+debian, "--unused"),
	Entry("--label lists images that have it", header+debian, "--label", "team=base", "--label", "team"),
	Entry("--minAge lists older images", header+debian, "--minAge", "20"),
	Entry("--maxAge lists younger images", header+nginx, "--maxAge", "480h"),
	Entry("--format says which containers use an image", "nginx web 1\ndebian  0\n", "--format", "{{.Repository}} {{.UsedBy}} {{.Containers}}"),
	Entry("--format prints a label, and sizes in bytes", " 133000000\nbase 69200000\n", "--format", `{{.Label "team"}} {{.Bytes}}`),
	Entry("--minSize lists bigger images", header+nginx, "--minSize", "100MB"),
	Entry("--maxTags lists the newest tags of each repository", header+nginx+debian, "--maxTags", "1"),
	Entry("takes 0 for no limit", header+nginx+debian, "--maxTags", "0", "--minAge", "0", "--minSize", "0"),
	Entry("--keep leaves out the newest tags of each repository", header, "--keep", "1"),
	Entry("--sum adds the total", header+nginx+debian+total, "--sum"),
	Entry("--sort sorts by creation time", header+nginx+debian, "--sort", "created"),
	Entry("--sort sorts by size", header+nginx+debian, "--sort", "size"),
	Entry("--sort sorts by repository", header+debian+nginx, "--sort=repository"),
	Entry("-q prints image IDs alone", "7e4d58f0e5f3\n108d75da320f\n", "-q"),
	Entry("--no-trunc prints them in full", "sha256:7e4d58f0e5f3aa\nsha256:108d75da320faa\n", "--quiet", "--no-trunc"),
	Entry("--format prints digests", "nginx sha256:aa\n", "--prefix=nginx", "--format={{.Repository}} {{.Digest}}"),
	Entry("--format fills a template", "nginx:latest\ndebian:slim\n", "--format", "{{.Repository}}:{{.Tag}}"),
	Entry("--format prints references for docker rmi", "nginx:latest\ndebian:slim\n", "--format", "{{.Reference}}"),
	Entry("--format prints JSON, and the sum", `{"repository":"nginx","tag":"latest","reference":"nginx:latest","digests":["sha256:aa"],"id":"sha256:7e4d58f0e5f3aa","created":"2020-09-09T12:00:00Z","size":133000000,"shared_size":null,"unique_size":null,"containers":null}
{"repository":"debian","tag":"slim","reference":"debian:slim","digests":[],"id":"sha256:108d75da320faa","created":"2020-07-11T12:00:00Z","size":69200000,"shared_size":null,"unique_size":null,"containers":null}
{"total_size":202200000,"total_unique_size":null,"images":2,"tags":2}
`, "--format", "json", "--sum"),
	Entry("--context '' is the usual engine", header+nginx+debian, "--context", ""),
	Entry("takes a root flag", header+nginx+debian, "--log-level=ERROR"),
)

var _ = Describe("dkr-ls", func() {
	It("takes root flags before the command, too", func(ctx SpecContext) {
		Expect(dkrls(ctx, "--log-level", "ERROR", "tags")).To(Equal(result{0, header + nginx + debian, ""}))
	})

	DescribeTable("adds columns for flags that ask for them", func(ctx SpecContext, flag, title, cell string) {
		got := dkrls(ctx, "tags", "--prefix=debian", flag)
		Expect(got.stdout).To(MatchRegexp(`\AREPOSITORY .*` + title + `.*\ndebian .*` + cell + `.*\n\z`))
	},
		Entry(nil, "--digests", " DIGEST ", " <none> "), Entry(nil, "--unique", " UNIQUE SIZE", " 69MB"), Entry(nil, "--no-trunc", "IMAGE ID", " sha256:108d75da320faa "),
	)

	DescribeTable("prints no ID of an image that has a name to spare", func(ctx SpecContext, want string, flags ...string) {
		e := images{{ID: "sha256:bb", RepoTags: []string{"b:2"}, Created: 2}, {ID: "sha256:aa", RepoTags: []string{"a:1", "b:1"}, Created: 1}}
		Expect(asking(e).run(ctx, append([]string{"tags", "-q"}, flags...)...)).To(Equal(result{0, want, ""}))
	},
		Entry("for any other flag", "sha256:bb\nsha256:aa\n"), Entry("for --keep", "", "--keep", "1"), Entry("for --exclude", "sha256:bb\n", "--exclude", "a"),
	)

	DescribeTable("prints the same at any log level", func(ctx SpecContext, level string, logged ...string) {
		got := dkrls(ctx, "--log-level", level, "tags", "--sum", "--prefix", "n", "--maxTags", "1")
		Expect(got.status).To(BeZero())
		Expect(got.stdout).To(Equal(dkrls(ctx, "tags", "--sum", "--prefix", "n", "--maxTags", "1").stdout))
		for _, text := range logged {
			Expect(got.stderr).To(ContainSubstring(text))
		}
		if len(logged) == 0 {
			Expect(got.stderr).To(BeEmpty())
		}
	},
		Entry(nil, "debug", `level=DEBUG msg="engine answered" images=2 rows=2`, "msg=filtered by=prefix before=2 after=1", "msg=done command=tags took="),
		Entry(nil, "DEBUG", "level=DEBUG"), Entry(nil, "INFO"), Entry(nil, "warn"), Entry(nil, "Warning"), Entry(nil, "ERROR"),
	)
})

var errFull = errors.New("no space left on device")

type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, errFull }

var _ = Describe("a run that fails", func() {
	DescribeTable("says so in one line on stderr, with status 1 and nothing on stdout", func(ctx SpecContext, err error, line string) {
		for _, command := range []string{"tags", "repos"} {
			Expect(asking(shelf{err}).run(ctx, command)).To(Equal(result{1, "", line}))
		}
	},
		Entry("when the engine fails", errors.New("it is down"), "Error: listing images: it is down\n"),
		Entry("when the engine's words hold a password", errors.New("no tcp://me:secret@host"), "Error: listing images: no tcp://host\n"),
		Entry("when the engine's words are hostile", errors.New("a\nError: b\x1b[0m"), "Error: listing images: a\\x0aError: b\\x1b[0m\n"),
	)

	DescribeTable("says that its output cannot be written", func(ctx SpecContext, args ...string) {
		w := asking(shelf{})
		w.stdout = fullWriter{}
		Expect(w.run(ctx, args...)).To(Equal(result{1, "", "Error: no space left on device\n"}))
	},
		Entry(nil, "tags"), Entry(nil, "tags", "--sum"), Entry(nil, "tags", "-q"), Entry(nil, "tags", "--format=json"), Entry(nil, "repos"),
		Entry(nil, "help"), Entry(nil, "version"), Entry(nil, "--version"), Entry(nil, "completion", "zsh"),
	)

	DescribeTable("ends in one thing to try", func(ctx SpecContext, message string, args ...string) {
		e := images{{ID: "sha256:aa", RepoTags: []string{"a:1"}, Size: math.MaxInt64, Containers: -1}, {ID: "sha256:bb", RepoTags: []string{"a:2"}, Size: 1, Containers: -1}, {ID: "-f", Containers: -1}}
		got := asking(e).run(ctx, args...)
		Expect(got.status).To(Equal(1))
		Expect(got.stdout).To(BeEmpty())
		Expect(got.stderr).To(MatchRegexp(`\AError: ` + message + `\n\z`))
	},
		Entry("for a sum past 63 bits", `the sum of the sizes is past 2\^63-1 bytes; try: the table without --sum`, "tags", "--sum"),
		Entry("for a sort by such a sum", `the sum of the sizes is past 2\^63-1 bytes; try: the table, sorted by another key`, "repos", "--sort", "size"),
		Entry("for an ID that docker refuses", `image ID -f: docker has no reference for it; try: --format json, which has null there, or the table`, "tags", "-q"),
		Entry("for a row without a reference", `<none> <none>, image -f: docker has no reference for it; try: --format json, which has null there, or the table`,
			"tags", "--format", "{{.Reference}}"),
		Entry("for a template that fails on a row", `.*; try: [^;]+`, "tags", "--format", "{{slice .Tag 0 9}}"),
	)
})
