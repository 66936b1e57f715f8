package main

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

const (
	header = "REPOSITORY                                                              TAG                        IMAGE ID            CREATED             SIZE\n"
	nginx  = "nginx                                                                   latest                     7e4d58f0e5f3        2 weeks ago         133MB\n"
	debian = "debian                                                                  slim                       108d75da320f        2 months ago        69.2MB\n"
	total  = "                                                                                                                       TOTAL               202.2MB\n"
)

var _ = Describe("a listing", func() {
	DescribeTable("is on stdout, with nothing on stderr and status 0", func(ctx SpecContext, want string, args ...string) {
		Expect(dkrls(ctx, args...)).To(Equal(result{0, want, ""}))
	},
		Entry("of repositories", "REPOSITORY\nnginx\ndebian\n", "repos"),
		Entry("of tags", header+nginx+debian, "tags"),
		Entry("of one prefix", header+nginx, "tags", "--prefix", "nginx"),
		Entry("of two prefixes", header+nginx+debian, "tags", "--prefix", "nginx", "--prefix=debian"),
		Entry("of old images", header+debian, "tags", "--minAge", "20"),
		Entry("of images older than the biggest number", header, "tags", "--minAge", "9223372036854775807"),
		Entry("of big images", header+nginx, "tags", "--minSize", "100MB"),
		Entry("of one tag a repository", header+nginx+debian, "tags", "--maxTags", "1"),
		Entry("without limits: 0", header+nginx+debian, "tags", "--maxTags", "0", "--minAge", "0", "--minSize", "0"),
		Entry("with a sum", header+nginx+debian+total, "tags", "--sum"),
		Entry("with a sum that is asked for aloud", header+nginx+debian+total, "tags", "--sum=true"),
		Entry("with a sum that is declined", header+nginx+debian, "tags", "--sum=false"),
		Entry("of the usual engine, by a context without a name", header+nginx+debian, "tags", "--context", ""),
		Entry("by age", header+nginx+debian, "tags", "--sort", "created"),
		Entry("by size", header+nginx+debian, "tags", "--sort", "size"),
		Entry("by repository", header+debian+nginx, "tags", "--sort=repository"),
		Entry("of what is not kept", header, "tags", "--keep", "1"),
		Entry("of image IDs", "7e4d58f0e5f3\n108d75da320f\n", "tags", "-q"),
		Entry("of image IDs in full", "sha256:7e4d58f0e5f3aa\nsha256:108d75da320faa\n", "tags", "--quiet", "--no-trunc"),
		Entry("by a template", "nginx:latest\ndebian:slim\n", "tags", "--format", "{{.Repository}}:{{.Tag}}"),
		Entry("in the table's own format", header+nginx+debian, "tags", "--format", "table"),
		Entry("in JSON, with a sum", `{"repository":"nginx","tag":"latest","reference":"nginx:latest","digests":[],"id":"sha256:7e4d58f0e5f3aa","created":"2020-09-09T12:00:00Z","size":133000000,"shared_size":null,"unique_size":null,"containers":null}
{"repository":"debian","tag":"slim","reference":"debian:slim","digests":[],"id":"sha256:108d75da320faa","created":"2020-07-11T12:00:00Z","size":69200000,"shared_size":null,"unique_size":null,"containers":null}
{"total_size":202200000,"total_unique_size":null,"images":2,"tags":2}
`, "tags", "--format", "json", "--sum"),
		Entry("by reference", "nginx:latest\ndebian:slim\n", "tags", "--format", "{{.Reference}}"),
		Entry("of repositories by size", "REPOSITORY\nnginx\ndebian\n", "repos", "--sort", "size"),
		Entry("of repositories by name", "REPOSITORY\ndebian\nnginx\n", "repos", "--sort", "repository"),
		Entry("of repositories by a template", "nginx 1 133MB\ndebian 1 69.2MB\n", "repos", "--format", "{{.Repository}} {{.Tags}} {{.Size}}"),
		Entry("of repositories in JSON", `{"repository":"nginx","tags":1,"size":133000000,"created":"2020-09-09T12:00:00Z"}
{"repository":"debian","tags":1,"size":69200000,"created":"2020-07-11T12:00:00Z"}
`, "repos", "--format", "json"),
		Entry("with a root flag before the command", header+nginx+debian, "--log-level", "ERROR", "tags"),
		Entry("with a root flag after the command", header+nginx+debian, "tags", "--log-level=ERROR"),
		Entry("after flags have ended", header+nginx+debian, "tags", "--"),
	)

	DescribeTable("has the same bytes on stdout at any log level", func(ctx SpecContext, level string, logged ...string) {
		got := dkrls(ctx, "--log-level", level, "tags", "--sum", "--prefix", "n", "--maxTags", "1")
		Expect(got.stdout).To(Equal(dkrls(ctx, "tags", "--sum", "--prefix", "n", "--maxTags", "1").stdout))
		Expect(got.status).To(BeZero())
		for _, text := range logged {
			Expect(got.stderr).To(ContainSubstring(text))
		}
		if len(logged) == 0 {
			Expect(got.stderr).To(BeEmpty())
		}
	},
		Entry("debug", "debug", `level=DEBUG msg="engine answered" images=2 rows=2`,
			"msg=filtered by=prefix before=2 after=1", "msg=filtered by=maxTags before=1 after=1", "msg=done command=tags took="),
		Entry("DEBUG", "DEBUG", "level=DEBUG"),
		Entry("INFO", "INFO"),
		Entry("warn", "warn"),
		Entry("Warning", "Warning"),
		Entry("ERROR", "ERROR"),
	)
})

var _ = Describe("wrong use", func() {
	It("of a flag of another command is shown as the brief has it", func(ctx SpecContext) {
		got := unconnected(ctx, "repos", "--maxTags", "3")
		Expect(got).To(Equal(result{2, "", "Error: unknown flag: --maxTags\n" + wrongUsage("repos [flags]")}))
		Expect(got.stderr).To(HavePrefix("Error: unknown flag: --maxTags\nUsage:\n"))
	})

	DescribeTable("is told on stderr, with the usage line, where to read more, and status 2, before any engine is asked for",
		func(ctx SpecContext, message, usage string, args ...string) {
			Expect(unconnected(ctx, args...)).To(Equal(result{2, "", "Error: " + message + "\n" + wrongUsage(usage)}))
		},
		Entry("no command", "no command given", "[flags] COMMAND"),
		Entry("an unknown command", "unknown command: prune", "[flags] COMMAND", "prune"),
		Entry("a near miss", "unknown command: tagz (did you mean tags?)", "[flags] COMMAND", "tagz"),
		Entry("a near miss in capitals", "unknown command: REPOS (did you mean repos?)", "[flags] COMMAND", "REPOS"),
		Entry("a hostile command", `unknown command: \x1b[2J`, "[flags] COMMAND", "\x1b[2J"),
		Entry("an unknown flag", "unknown flag: --nope", "[flags] COMMAND", "--nope", "tags"),
		Entry("an unknown short flag", "unknown shorthand flag: 'x' in -x", "tags [flags]", "tags", "-x"),
		Entry("a near miss of a flag", "unknown flag: --maxTag (did you mean --maxTags?)", "tags [flags]", "tags", "--maxTag", "3"),
		Entry("small letters", "unknown flag: --minage (did you mean --minAge?)", "tags [flags]", "tags", "--minage", "3"),
		Entry("a flag of tags before it", "unknown flag: --maxTags", "[flags] COMMAND", "--maxTags", "3", "tags"),
		Entry("an argument too many of repos", "unexpected argument: x", "repos [flags]", "repos", "--", "x"),
		Entry("an argument that a shell would take apart", "unexpected argument: a;b", "tags [flags]", "tags", "a;b"),
		Entry("an address where none belongs, without its secrets", "unexpected argument: tcp://host", "tags [flags]", "tags", "tcp://host"),
		Entry("an address with secrets where none belongs", "unexpected argument: tcp://host", "tags [flags]", "tags", "tcp://me:se/c ret@host"),
		Entry("an address in place of a command", "unknown command: tcp://host", "[flags] COMMAND", "tcp://me:secret@host"),
		Entry("an address behind an unknown letter", "unknown shorthand flag: 'X' in -Xtcp://host", "tags [flags]", "tags", "-Xtcp://me:secret@host"),
		Entry("docker's name of tags", "unknown command: ls (did you mean tags?)", "[flags] COMMAND", "ls"),
		Entry("another name of tags", "unknown command: images (did you mean tags?)", "[flags] COMMAND", "images"),
		Entry("a third name of tags", "unknown command: list (did you mean tags?)", "[flags] COMMAND", "list"),
		Entry("another name of repos", "unknown command: repositories (did you mean repos?)", "[flags] COMMAND", "repositories"),
		Entry("two hosts", "--host may be given only once", "tags [flags]", "-H", "tcp://a", "tags", "-H", "tcp://b"),
		Entry("an empty host and a context", "--host and --context cannot be used together", "tags [flags]", "tags", "-H", "", "--context", "x"),
		Entry("a context without a name among others", "--context needs a name", "tags [flags]", "tags", "--context", "", "--context", "x"),
		Entry("a flag without its value", "flag needs an argument: --prefix", "tags [flags]", "tags", "--prefix"),
		Entry("an age that is no number", `invalid argument "x" for "--minAge" flag: not a whole number, such as 20`, "tags [flags]", "tags", "--minAge", "x"),
		Entry("an age with a fraction", `invalid argument "1.5" for "--minAge" flag: not a whole number, such as 20`, "tags [flags]", "tags", "--minAge", "1.5"),
		Entry("a negative age", `invalid argument "-1" for "--minAge" flag: must not be negative`, "tags [flags]", "tags", "--minAge", "-1"),
		Entry("an age past all numbers", `invalid argument "9223372036854775808" for "--minAge" flag: out of range`, "tags [flags]", "tags", "--minAge", "9223372036854775808"),
		Entry("a negative limit", `invalid argument "-1" for "--maxTags" flag: must not be negative`, "tags [flags]", "tags", "--maxTags=-1"),
		Entry("an empty size", `invalid argument "" for "--minSize" flag: not a size: "", such as 100MB, 1.5GB or 512MiB`, "tags [flags]", "tags", "--minSize", ""),
		Entry("a sum that is no yes or no", `invalid argument "maybe" for "--sum" flag: neither true nor false`, "tags [flags]", "tags", "--sum=maybe"),
		Entry("an unknown log level", `invalid argument "loud" for "--log-level" flag: not one of DEBUG, INFO, WARNING, ERROR`, "tags [flags]", "tags", "--log-level", "loud"),
		Entry("IDs alone and a sum", "--quiet prints image IDs alone: it cannot be used with --sum, --digests, --unique or --format", "tags [flags]", "tags", "-q", "--sum"),
		Entry("IDs alone and a format", "--quiet prints image IDs alone: it cannot be used with --sum, --digests, --unique or --format", "tags [flags]", "tags", "-q", "--format=json"),
		Entry("IDs alone of several engines", "--quiet does not show which engine has an image: choose one --context, or a --format with {{.Context}}", "tags [flags]", "tags", "-q", "--context", "a", "--context", "b"),
		Entry("IDs alone of all engines", "--quiet does not show which engine has an image: choose one --context, or a --format with {{.Context}}", "tags [flags]", "tags", "-q", "--context", "*"),
		Entry("references alone of several engines", notShown("{{.Reference}}"), "tags [flags]", "tags", "--context", "a", "--context", "b", "--format", "{{.Reference}}"),
		Entry("references of all engines, with sizes", notShown("{{.Reference}}"), "tags [flags]", "tags", "--context", "*", "--format", "table {{.Size}} {{json .Reference}}"),
		Entry("IDs of several engines by a template", notShown("{{.ID}}"), "tags [flags]", "tags", "--context", "*", "--format", "{{.ID}}"),
		Entry("digests of several engines", notShown("{{.Digest}}"), "tags [flags]", "tags", "--context", "*", "--format", "{{.Repository}}@{{.Digest}}"),
		Entry("names and tags of several engines", notShown("{{.Repository}} and {{.Tag}}"), "tags [flags]", "tags", "--context", "*", "--format", "{{.Repository}}:{{.Tag}}"),
		Entry("a sort by what is not asked for", "--sort unique needs --unique, or a --format with {{.UniqueSize}}", "tags [flags]", "tags", "--sort", "unique"),
		Entry("a sum by a template", "--sum cannot be used with a template: use --format table or json", "tags [flags]", "tags", "--sum", "--format", "{{.ID}}"),
		Entry("a sum by a table's template", "--sum cannot be used with a template: use --format table or json", "tags [flags]", "tags", "--sum", "--format", "table {{.ID}}"),
		Entry("a word for a format", `invalid argument "yaml" for "--format" flag: not a format: neither table, json nor a template such as {{.Repository}}`, "tags [flags]", "tags", "--format", "yaml"),
		Entry("repositories by tag", `invalid argument "tag" for "--sort" flag: not one of created, size, repository`, "repos [flags]", "repos", "--sort", "tag"),
		Entry("an unknown key", `invalid argument "age" for "--sort" flag: not one of created, size, repository, tag, unique`, "tags [flags]", "tags", "--sort", "age"),
		Entry("a broken template", `invalid argument "{{" for "--format" flag: not a format: :1: unclosed action`, "tags [flags]", "tags", "--format", "{{"),
		Entry("a field of tags for repositories", `invalid argument "{{.ID}}" for "--format" flag: not a format: no field .ID: there are .Context, .Repository, .Tags, .Size, .CreatedSince, .CreatedAt`, "repos [flags]", "repos", "--format", "{{.ID}}"),
		Entry("two engines", "--host and --context cannot be used together", "tags [flags]", "-H", "tcp://127.0.0.1:1", "tags", "--context", "x"),
		Entry("an address that is none, without its secrets", `--host: "ftp://x" is not an engine's address; try: one like unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or ssh://host`,
			"repos [flags]", "repos", "--host", "ftp://me:secret@x"),
		Entry("a timeout that is none", `invalid argument "5" for "--timeout" flag: not a duration, such as 500ms, 10s or 2m`, "tags [flags]", "tags", "--timeout", "5"),
		Entry("a negative timeout", `invalid argument "-1s" for "--timeout" flag: must not be negative`, "tags [flags]", "tags", "--timeout=-1s"),
		Entry("help on an unknown command", "unknown command: tag (did you mean tags?)", "[flags] COMMAND", "help", "tag"),
		Entry("help on two commands", "unexpected argument: repos", "help [flags] [command]", "help", "tags", "repos"),
	)
})

// notShown is what is said of fields of a template that could be of any of several engines.
func notShown(fields string) string {
	return "a --format of " + fields + " does not show which engine has an image: choose one --context, or add {{.Context}}"
}

var _ = Describe("help", func() {
	DescribeTable("goes to stdout, with status 0, and asks no engine", func(ctx SpecContext, about, usage string, args ...string) {
		got := unconnected(ctx, args...)
		Expect(got.status).To(BeZero())
		Expect(got.stderr).To(BeEmpty())
		Expect(got.stdout).To(HavePrefix(about))
		Expect(got.stdout).To(HaveSuffix("\n\n" + golden(usage)))
	},
		Entry(nil, "List the images of a Docker engine.", "usage.txt", "help"),
		Entry(nil, "List the images of a Docker engine.", "usage.txt", "--help"),
		Entry(nil, "List the images of a Docker engine.", "usage.txt", "-h"),
		Entry(nil, "List the tags of the engine's images, newest", "usage-tags.txt", "help", "tags"),
		Entry(nil, "List the tags of the engine's images, newest", "usage-tags.txt", "tags", "--help"),
		Entry(nil, "List the tags of the engine's images, newest", "usage-tags.txt", "tags", "x", "y", "-h"),
		Entry(nil, "List the repositories of the engine's images", "usage-repos.txt", "help", "repos"),
		Entry(nil, "Show the version, the commit and the Go version", "usage-version.txt", "help", "version"),
		Entry(nil, "Show how to use the program", "usage-help.txt", "help", "help"),
	)
})

var _ = Describe("a run that fails", func() {
	DescribeTable("tells it in one line on stderr, with status 1 and nothing on stdout", func(ctx SpecContext, err error, line string) {
		for _, command := range []string{"tags", "repos"} {
			Expect(with(ctx, shelf{err}, command)).To(Equal(result{1, "", line}))
		}
	},
		Entry("for the engine's sake", errors.New("it is down"), "Error: listing images: it is down\n"),
		Entry("with hostile words", errors.New("a\nError: b\x1b[0m"), "Error: listing images: a\\x0aError: b\\x1b[0m\n"),
	)

	It("tells that no engine can be chosen", func(ctx SpecContext) {
		var stdout, stderr strings.Builder
		connect := func(endpoint.Options, *slog.Logger) (lister.Engine, error) { return nil, errors.New("no such context") }
		Expect(run(ctx, []string{"tags"}, &process{stdout: &stdout, stderr: &stderr, now: clock, getenv: noEnv, connect: connect})).To(Equal(1))
		Expect(stdout.String() + stderr.String()).To(Equal("Error: no such context\n"))
	})

	DescribeTable("does so where its output cannot be written", func(ctx SpecContext, args ...string) {
		var stderr strings.Builder
		connect := func(endpoint.Options, *slog.Logger) (lister.Engine, error) { return shelf{}, nil }
		Expect(run(ctx, args, &process{stdout: fullWriter{}, stderr: &stderr, now: clock, getenv: noEnv, connect: connect})).To(Equal(1))
		Expect(stderr.String()).To(Equal("Error: no space left on device\n"))
	},
		Entry(nil, "tags"), Entry(nil, "tags", "--sum"), Entry(nil, "repos"), Entry(nil, "help"), Entry(nil, "version"), Entry(nil, "--version"),
	)

	It("tells that the sum is past all numbers, and prints no row", func(ctx SpecContext) {
		big := engineOf{{ID: "a", Size: math.MaxInt64}, {ID: "b", Size: 1}}
		Expect(with(ctx, big, "tags", "--sum")).To(Equal(result{1, "", "Error: the sum of the sizes is past 2^63-1 bytes; try: the table without --sum\n"}))
		Expect(with(ctx, big, "repos", "--sort", "size")).To(Equal(
			result{1, "", "Error: the sum of the sizes is past 2^63-1 bytes; try: the table, sorted by another key\n"}))
	})

	DescribeTable("tells that docker takes no reference of a row, and prints none of the others", func(ctx SpecContext, message string, args ...string) {
		odd := engineOf{{ID: "sha256:aa", RepoTags: []string{"a:1"}}, {ID: "-f"}}
		Expect(with(ctx, odd, args...)).To(Equal(result{1, "", "Error: " + message + ": docker has no reference for it; try: --format json, which has null there, or the table\n"}))
	},
		Entry(nil, "image ID -f", "tags", "-q"),
		Entry(nil, "<none> <none>, image -f", "tags", "--format", "{{.Reference}}"),
	)

	DescribeTable("ends in one thing to try, with status 1 and nothing on stdout", func(ctx SpecContext, what string, args ...string) {
		got := with(ctx, engineOf{{ID: "a", Containers: -1, RepoTags: []string{"a:1"}}}, args...)
		Expect(got.status).To(Equal(1))
		Expect(got.stdout).To(BeEmpty())
		Expect(got.stderr).To(MatchRegexp(`\AError: ` + what + `; try: [^\n;]+\n\z`))
	},
		Entry("a template that fails on a row", ".*", "tags", "--format", "{{slice .Tag 0 9}}"),
		Entry("containers that the engine does not report", "listing images: .*", "tags", "--unused"),
		Entry("a log file in no folder", "opening the log file: .*", "tags", "--log-file", "/nonexistent/log"),
	)

	It("says nothing when it was interrupted", func(ctx SpecContext) {
		interrupted, cancel := context.WithCancelCause(ctx)
		cancel(interruption(syscall.SIGINT))
		Expect(with(interrupted, shelf{context.Canceled}, "tags")).To(Equal(result{130, "", ""}))
	})
})
