package main

import (
	"context"
	"log/slog"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("completion", func() {
	// complete asks for what the last word may become. One context has a name that no shell takes for a
	// word, and all of them log.
	complete := func(ctx context.Context, words ...string) result {
		w := inContexts(ctx)
		connect := w.connect
		w.connect = func(o endpoint.Options, log *slog.Logger) (lister.Engine, error) {
			log.Error("a shell has no use for this")
			return connect(o, log)
		}
		w.plugin = words[0] == "dkrls"
		w.contexts = func(string) ([]string, []error) { return []string{"default", "$(reboot)", "up"}, nil }
		return w.run(ctx, append([]string{"__complete"}, words...)...)
	}

	DescribeTable("offers", func(ctx SpecContext, line, want string) {
		got := complete(ctx, strings.Split(line, " ")...)
		Expect(got.status).To(BeZero())
		Expect(got.stderr).To(BeEmpty())
		var offered []string
		for candidate := range strings.Lines(got.stdout) {
			text, _, _ := strings.Cut(strings.TrimSuffix(candidate, "\n"), "\t")
			offered = append(offered, text)
		}
		Expect(offered).To(Equal(strings.Fields(want + " :4")))
	},
		Entry("commands", "", "repos tags help version completion"),
		Entry("commands for a pair of quotes, which PowerShell sends for nothing", `""`, "repos tags help version completion"),
		Entry("a command after flags", "--log-level ERROR --context=prod -Hx re", "repos"),
		Entry("a command after --", "-- ta", "tags"),
		Entry("not its own command", "__", ""),
		Entry("nothing after an unknown command", "prune --", ""),
		Entry("root flags", "--", "--host --context --timeout --log-level --log-file --help --version"),
		Entry("root flags for one dash", "-", "--host --context --timeout --log-level --log-file --help --version"),
		Entry("a command's flags, then root flags", "repos --", "--sort --format --host --context --timeout --log-level --log-file --help --version"),
		Entry("repositories for a pattern", "repos d", "debian"),
		Entry("repositories for a pattern of tags", "tags --sum debian ", "nginx debian"),
		Entry("the tags of a repository", "tags nginx:", "nginx:latest"),
		Entry("the tags of a repository behind a port", "tags --context=odd localhost:5000/a_b-c.d:", "localhost:5000/a_b-c.d:1"),
		Entry("a registry with its port", "tags --context=odd localhost:", "localhost:5000/a_b-c.d"),
		Entry("repositories after --", "tags -- n", "nginx"),
		Entry("flags where nothing else can come", "version ", "--host --context --timeout --log-level --log-file --help --version"),
		Entry("a flag after mistakes", "tags --minAge x --nope --prefix nginx y --pre", "--prefix"),
		Entry("no flag after --", "tags -- --", ""),
		Entry("levels", "--log-level ", "DEBUG INFO WARNING ERROR"),
		Entry("levels in small letters", "repos --log-level=w", "warning"),
		Entry("keys", "tags --sort ", "created size repository tag unique"),
		Entry("formats", "repos --format ", "table json"),
		Entry("true and false", "tags --sum=", "true false"),
		Entry("no value of an unknown flag", "tags --nope=", ""),
		Entry("no address", "tags -H ", ""),
		Entry("contexts that a shell takes for words", "tags --context ", "default up"),
		Entry("shells", "completion ", "bash zsh fish powershell"),
		Entry("flags after a shell", "completion bash --lo", "--log-level --log-file"),
		Entry("no second shell", "completion bash z", ""),
		Entry("commands to help with", "help v", "version"),
		Entry("the engine's repositories", "tags --prefix ", "nginx debian"),
		Entry("a repository to exclude", "tags --sum --prefix debian --exclude=n", "nginx"),
		Entry("repositories that a shell takes for words, and <none>", "--context odd tags --prefix ", "<none> A/b localhost:5000/a_b-c.d"),
		Entry("repositories by what stands before a colon", "tags --context=odd --prefix=localhost:", "localhost:5000/a_b-c.d"),
		Entry("repositories of the contexts that answer", "--context odd --context nope tags --prefix l", "localhost:5000/a_b-c.d"),
		Entry("no repository of an engine that fails", "tags --context down --prefix ", ""),
	)

	DescribeTable("describes what it offers", func(ctx SpecContext, line, want string) {
		Expect(complete(ctx, strings.Split(line, " ")...)).To(Equal(result{0, want, ""}))
	},
		Entry("a command", "re", "repos\tlist the repositories, one per line\n:4\n"),
		Entry("a flag", "tags --pre", "--prefix\tlist only repositories that start with text\n:4\n"),
		Entry("a command of docker's plugin", "dkrls ta", "tags\tlist the tags, one per line, with image ID, age and size\n:4\n"),
		Entry("a flag of docker's plugin", "dkrls --t", "--timeout\tgive up on an engine after this duration, such as 10s or 2m\n:4\n"),
		Entry("nothing of a repository", "dkrls --context odd tags --prefix A", "A/b\n:4\n"),
		Entry("nothing of a file, which is the shell's", "tags --log-file x", ":0\n"),
		Entry("nothing of a file behind =", "--log-file=", ":0\n"),
	)

	It("waits for an engine no longer than a second", func(ctx SpecContext) {
		before := time.Now()
		Expect(complete(ctx, "tags", "--context=hung", "--prefix", "")).To(Equal(result{0, ":4\n", ""}))
		Expect(time.Since(before)).To(BeNumerically("~", time.Second, 500*time.Millisecond))
	})

	DescribeTable("asks no engine but for repositories", func(ctx SpecContext, line string) {
		Expect(unconnected(ctx, append([]string{"__complete"}, strings.Split(line, " ")...)...).status).To(BeZero())
	},
		Entry(nil, ""), Entry(nil, "version "), Entry(nil, "tags --sort "), Entry(nil, "tags -"),
	)
})

var _ = DescribeTable("the completion command prints a script", func(ctx SpecContext, shell, text string) {
	got := unconnected(ctx, "completion", shell)
	Expect(got.status).To(BeZero())
	Expect(got.stderr).To(BeEmpty())
	Expect(got.stdout).To(And(ContainSubstring(text), ContainSubstring(" __complete ")))
},
	Entry(nil, "bash", "\ncomplete -F _dkr_ls dkr-ls\n"),
	Entry(nil, "zsh", "#compdef dkr-ls\n"),
	Entry(nil, "fish", "\ncomplete -c dkr-ls "),
	Entry(nil, "powershell", "\nRegister-ArgumentCompleter -Native -CommandName 'dkr-ls' "),
)
