package main

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// stuck is an engine that never answers.
type stuck struct{}

func (stuck) Images(ctx context.Context, _ lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		<-ctx.Done()
		yield(lister.Image{}, ctx.Err())
	}
}

var _ = Describe("completion", func() {
	// complete asks for what the last word may become, where the default engine is the shelf, the
	// context hostile has an engine with other names, and no other context can be connected to.
	complete := func(ctx context.Context, plugin bool, words ...string) result {
		GinkgoHelper()
		var stdout, stderr strings.Builder
		p := &process{stdout: &stdout, stderr: &stderr, now: clock, getenv: noEnv, plugin: plugin}
		p.contexts = func(string) ([]string, []error) { return []string{"default", "hostile", "$(reboot)", "prod"}, nil }
		p.connect = func(o endpoint.Options, log *slog.Logger) (lister.Engine, error) {
			log.Error("nobody reads this")
			switch {
			case o.Host == "stuck":
				return stuck{}, nil
			case o.Host == "partial":
				return shelf{errors.New("it is down")}, nil
			case o.Context == "hostile":
				return engineOf{
					{ID: "a", RepoTags: []string{"$(reboot):1", "a b:1", "`x`:1", "a;b:1", "a\x1bb:1", "[::1]:5000/a:1", "localhost:5000/a_b-c.d:1", "A/b:1"}},
					{ID: "b"},
				}, nil
			case o != endpoint.Options{}:
				return nil, errors.New("there is no such engine")
			}
			return shelf{}, nil
		}
		status := run(ctx, append([]string{"__complete"}, words...), p)
		return result{status, stdout.String(), stderr.String()}
	}
	// texts are the candidates in an answer, without what they are about.
	texts := func(answer string) []string {
		all := []string{}
		for line := range strings.Lines(answer) {
			text, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
			all = append(all, text)
		}
		return all
	}

	DescribeTable("offers", func(ctx SpecContext, line, want string) {
		got := complete(ctx, false, strings.Split(line, " ")...)
		Expect(got.status).To(BeZero())
		Expect(got.stderr).To(BeEmpty())
		Expect(texts(got.stdout)).To(Equal(strings.Fields(want + " :4")))
	},
		Entry("commands", "", "repos tags help version completion"),
		Entry("a command", "ta", "tags"),
		Entry("commands behind flags", "--log-level ERROR --context=prod -Hx re", "repos"),
		Entry("commands behind the end of flags", "-- ta", "tags"),
		Entry("commands after two quotes, which stand for nothing", `""`, "repos tags help version completion"),
		Entry("nothing for the hidden command", "__", ""),
		Entry("nothing of an unknown command", "prune --", ""),
		Entry("root flags", "--", "--host --context --timeout --log-level --log-file --help --version"),
		Entry("root flags after one dash", "-", "--host --context --timeout --log-level --log-file --help --version"),
		Entry("a command's flags before the root's", "repos --", "--sort --format --host --context --timeout --log-level --log-file --help --version"),
		Entry("flags where nothing else may come", "repos ", "--sort --format --host --context --timeout --log-level --log-file --help --version"),
		Entry("flags by their first letters", "tags --min", "--minAge --minSize"),
		Entry("a flag that is there already", "tags --prefix nginx --pre", "--prefix"),
		Entry("a flag behind mistakes", "tags --minAge x --nope --prefix nginx y --pre", "--prefix"),
		Entry("no flag after the end of flags", "tags -- --", ""),
		Entry("no flag of tags for repos", "repos --max", ""),
		Entry("levels", "--log-level ", "DEBUG INFO WARNING ERROR"),
		Entry("levels in small letters", "repos --log-level=w", "warning"),
		Entry("keys", "tags --sort ", "created size repository tag unique"),
		Entry("a key", "tags --sort=re", "repository"),
		Entry("no key beyond the known ones", "tags --sort=x", ""),
		Entry("formats", "repos --format ", "table json"),
		Entry("yes or no", "tags --sum=", "true false"),
		Entry("flags behind one that takes no value", "tags --sum --q", "--quiet"),
		Entry("nothing for a number", "tags --maxTags ", ""),
		Entry("nothing for the value of an unknown flag", "tags --nope=", ""),
		Entry("nothing for the value of a flag in one letter", "tags -H ", ""),
		Entry("contexts", "tags --context ", "default hostile prod"),
		Entry("a second context", "--context default tags --context=p", "prod"),
		Entry("shells", "completion ", "bash zsh fish powershell"),
		Entry("flags after a shell", "completion bash --lo", "--log-level --log-file"),
		Entry("no second shell", "completion bash z", ""),
		Entry("commands to help with", "help v", "version"),
		Entry("repositories", "tags --prefix ", "nginx debian"),
		Entry("a repository", "tags --sum --prefix debian --prefix=n", "nginx"),
		Entry("no repository in other letters", "tags --prefix N", ""),
		Entry("repositories that a shell takes for words alone", "--context hostile tags --prefix ", "<none> A/b localhost:5000/a_b-c.d"),
		Entry("repositories by what is before the colon", "tags --context=hostile --prefix=localhost:", "localhost:5000/a_b-c.d"),
		Entry("repositories of several contexts", "--context hostile --context nope tags --prefix l", "localhost:5000/a_b-c.d"),
		Entry("no repository of an engine that fails", "tags --host partial --prefix ", ""),
		Entry("no repository of an engine out of reach", "tags --context nope --prefix ", ""),
	)

	It("tells what the candidates are about", func(ctx SpecContext) {
		Expect(complete(ctx, false, "re").stdout).To(Equal("repos\tlist the repositories, one per line\n:4\n"))
		Expect(complete(ctx, false, "tags", "--pre").stdout).To(Equal("--prefix\tlist only repositories that start with text\n:4\n"))
	})

	It("leaves the names of files to the shell", func(ctx SpecContext) {
		Expect(complete(ctx, false, "tags", "--log-file", "x").stdout).To(Equal(":0\n"))
		Expect(complete(ctx, false, "--log-file=").stdout).To(Equal(":0\n"))
	})

	It("completes docker's command line, by what docker asks its plugins", func(ctx SpecContext) {
		Expect(complete(ctx, true, "dkrls", "ta").stdout).To(HavePrefix("tags\t"))
		Expect(complete(ctx, true, "dkrls", "--t").stdout).To(Equal("--timeout\tgive up on an engine after this duration, such as 10s or 2m\n:4\n"))
		Expect(complete(ctx, true, "dkrls", "--context", "hostile", "tags", "--prefix", "A").stdout).To(Equal("A/b\n:4\n"))
	})

	It("waits for an engine no longer than a second", func(ctx SpecContext) {
		before := time.Now()
		Expect(complete(ctx, false, "tags", "--host=stuck", "--prefix", "")).To(Equal(result{0, ":4\n", ""}))
		Expect(time.Since(before)).To(BeNumerically("~", time.Second, 500*time.Millisecond))
	})

	It("asks no engine but for repositories", func(ctx SpecContext) {
		for _, words := range [][]string{{""}, {"tags", ""}, {"tags", "--sort", ""}, {"tags", "--", "x"}} {
			Expect(unconnected(ctx, append([]string{"__complete"}, words...)...).status).To(BeZero())
		}
	})

	It("is unknown by its inner name, to people", func(ctx SpecContext) {
		for _, args := range [][]string{{"__complete"}, {"help", "__complete"}, {"--sum", "__complet"}, {"__complet"}} {
			got := unconnected(ctx, args...)
			Expect(got.status).To(Equal(2))
			Expect(got.stderr).NotTo(ContainSubstring("mean __complete"))
		}
		Expect(unconnected(ctx, "help").stdout).NotTo(ContainSubstring("__complete"))
	})
})

var _ = Describe("the completion command", func() {
	DescribeTable("prints the script of a shell", func(ctx SpecContext, shell, text string) {
		got := unconnected(ctx, "completion", shell)
		Expect(got.status).To(BeZero())
		Expect(got.stderr).To(BeEmpty())
		Expect(got.stdout).To(ContainSubstring(text))
		Expect(got.stdout).To(ContainSubstring(" __complete "))
	},
		Entry(nil, "bash", "\ncomplete -F _dkr_ls dkr-ls\n"),
		Entry(nil, "zsh", "#compdef dkr-ls\n"),
		Entry(nil, "fish", "\ncomplete -c dkr-ls "),
		Entry(nil, "powershell", "\nRegister-ArgumentCompleter -Native -CommandName 'dkr-ls' "),
	)

	DescribeTable("refuses", func(ctx SpecContext, message string, args ...string) {
		Expect(unconnected(ctx, append([]string{"completion"}, args...)...)).To(Equal(
			result{2, "", "Error: " + message + "\n" + wrongUsage("completion [flags] bash|zsh|fish|powershell")}))
	},
		Entry("no shell", "no shell given: one of bash, zsh, fish, powershell"),
		Entry("an unknown shell", "unknown shell: tcsh", "tcsh"),
		Entry("a near miss", "unknown shell: fisch (did you mean fish?)", "fisch"),
		Entry("a script's file", "unknown shell: ps1", "ps1"),
		Entry("two shells", "unexpected argument: zsh", "bash", "zsh"),
	)

	It("tells that its output cannot be written", func(ctx SpecContext) {
		var stderr strings.Builder
		Expect(run(ctx, []string{"completion", "zsh"}, &process{stdout: fullWriter{}, stderr: &stderr, getenv: noEnv})).To(Equal(1))
		Expect(stderr.String()).To(Equal("Error: no space left on device\n"))
	})
})
