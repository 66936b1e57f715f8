//go:build unix

package main

import (
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// These specs type command lines, and the tab key, into real shells on a real terminal.

var _ = Describe("completion in the shell", func() {
	for _, in := range []setup{inBash(), inZsh(), inFish()} {
		Describe(in.shell, Ordered, func() {
			var t terminal
			BeforeAll(func(ctx SpecContext) { t = openTerminal(ctx, in) })

			DescribeTable("makes of", func(typed, want string) {
				Expect(t.press(typed + tab)).To(Equal(want))
			},
				Entry(nil, "dkr-ls ta", "dkr-ls tags "),
				Entry(nil, "bin/dkr-ls ta", "bin/dkr-ls tags "),
				Entry(nil, "~/bin/dkr-ls ta", "~/bin/dkr-ls tags "),
				Entry(nil, "nowhere/dkr-ls ta", "nowhere/dkr-ls ta"),
				Entry(nil, "dkr-ls __com", "dkr-ls __com"),
				Entry(nil, "dkr-ls prune --", "dkr-ls prune --"),
				Entry(nil, "dkr-ls help ver", "dkr-ls help version "),
				Entry(nil, "dkr-ls completion po", "dkr-ls completion powershell "),
				Entry(nil, "dkr-ls tags --so", "dkr-ls tags --sort "),
				Entry(nil, "dkr-ls tags --sort si", "dkr-ls tags --sort size "),
				Entry(nil, "dkr-ls tags --sort=si", "dkr-ls tags --sort=size "),
				Entry(nil, "dkr-ls tags --sort  'si", "dkr-ls tags --sort  'size' "),
				Entry(nil, "dkr-ls --log-level W", "dkr-ls --log-level WARNING "),
				Entry(nil, "dkr-ls tags --log-level=d", "dkr-ls tags --log-level=debug "),
				Entry(nil, "dkr-ls --log-level=ERROR repos --fo", "dkr-ls --log-level=ERROR repos --format "),
				Entry(nil, "dkr-ls repos --format j", "dkr-ls repos --format json "),
				Entry(nil, "dkr-ls tags --format '{{.ID}}' --keep=1 --no", "dkr-ls tags --format '{{.ID}}' --keep=1 --no-trunc "),
				Entry(nil, "dkr-ls tags --prefix ngi", "dkr-ls tags --prefix nginx "),
				Entry(nil, "dkr-ls tags --prefix nginx --prefix=ngi", "dkr-ls tags --prefix nginx --prefix=nginx "),
				Entry(nil, "dkr-ls tags --prefix loc", "dkr-ls tags --prefix localhost:5000/"),
				Entry(nil, "dkr-ls tags --prefix localhost:5", "dkr-ls tags --prefix localhost:5000/"),
				Entry(nil, "dkr-ls tags --prefix localhost:5000/te", "dkr-ls tags --prefix localhost:5000/team/app "),
				Entry(nil, "dkr-ls tags --prefix=localhost:", "dkr-ls tags --prefix=localhost:5000/"),
				Entry(nil, "dkr-ls tags --prefix=localhost:5000/te", "dkr-ls tags --prefix=localhost:5000/team/app "),
				Entry(nil, "dkr-ls tags --prefix '<no", "dkr-ls tags --prefix '<none>' "),
				Entry(nil, `dkr-ls tags --prefix "localhost:5000/w`, `dkr-ls tags --prefix "localhost:5000/web" `),
				Entry(nil, `dkr-ls tags --prefix '$`, `dkr-ls tags --prefix '$`),
				Entry(nil, "dkr-ls --context st", "dkr-ls --context staging "),
				Entry(nil, "dkr-ls --context prod --context=st", "dkr-ls --context prod --context=staging "),
				Entry(nil, "dkr-ls --context=prod tags --prefix o", "dkr-ls --context=prod tags --prefix only-in-prod "),
				Entry(nil, "dkr-ls tags --host tcp://127.0.0.1:1 --prefix ngi", "dkr-ls tags --host tcp://127.0.0.1:1 --prefix ngi"),
				Entry(nil, "dkr-ls tags --host nonsense://x --prefix ngi", "dkr-ls tags --host nonsense://x --prefix ngi"),
				Entry(nil, "dkr-ls tags --log-file no", "dkr-ls tags --log-file notes.txt "),
				Entry(nil, "dkr-ls tags --log-file ~/no", "dkr-ls tags --log-file ~/notes.txt "),
				Entry(nil, "dkr-ls tags --log-file=no", "dkr-ls tags --log-file=notes.txt "),
				Entry(nil, "dkr-ls tags no", "dkr-ls tags no"),
			)

			It("quotes what the shell would not take for a word", func() {
				line := "dkr-ls tags --host " + engineWith(`[{"Id":"b"}]`) + " --prefix "
				Expect(t.press(line + tab)).To(Or(Equal(line+`\<none\> `), Equal(line+"'<none>' ")))
			})

			It("lists all that there is", func() {
				before := len(t.screen.Contents())
				t.press("dkr-ls " + tab + tab)
				Eventually(func() string { return string(t.screen.Contents()[before:]) }).WithTimeout(deadline).Should(And(
					ContainSubstring("completion"), ContainSubstring("help"), ContainSubstring("repos"), ContainSubstring("tags"),
					ContainSubstring("version"), Not(ContainSubstring(completeCall))))
			})

			It("has started nothing that goes on beside it", func() {
				home := filepath.Dir(t.line)
				Eventually(processesOf).WithArguments(home).WithTimeout(deadline).Should(ConsistOf(in.shell))
				Expect(filepath.Glob(filepath.Join(home, ".local/share/fish/generated_completions/*"))).To(BeEmpty(), "what fish reads from man pages")
			})

			It("has said nothing about what is out of reach, and run no name", func() {
				Expect(string(t.screen.Contents())).NotTo(MatchRegexp("Error|nknown|not found|[Nn]o such|refused"))
				Expect(filepath.Join(filepath.Dir(t.line), "x")).NotTo(BeAnExistingFile())
			})
		})
	}

	It("is loaded by zsh from a folder for functions, too", func(ctx SpecContext) {
		t := openTerminal(ctx, setup{"zsh", strings.Replace(inZsh().start, "source <(dkr-ls completion zsh)", "", 1)})
		Expect(t.press("dkr-ls tags --pref" + tab)).To(Equal("dkr-ls tags --pref")) // not there yet
		t = openTerminal(ctx, setup{"zsh", "fpath=(~/functions $fpath)\n" + strings.Replace(inZsh().start, "source <(dkr-ls completion zsh)", "", 1)})
		Expect(t.press("dkr-ls tags --prefix=localhost:5000/w" + tab)).To(Equal("dkr-ls tags --prefix=localhost:5000/web "))
		Expect(t.press("dkr-ls tags --so" + tab)).To(Equal("dkr-ls tags --sort "))
	})

	It("does not depend on where bash splits words", func(ctx SpecContext) {
		t := openTerminal(ctx, setup{"bash", inBash().start + "\nCOMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]}"})
		Expect(t.press("dkr-ls tags --prefix=localhost:5000/w" + tab)).To(Equal("dkr-ls tags --prefix=localhost:5000/web "))
		Expect(t.press("dkr-ls tags --prefix localhost:5000/w" + tab)).To(Equal("dkr-ls tags --prefix localhost:5000/web "))
		Expect(t.press("dkr-ls tags --sort=si" + tab)).To(Equal("dkr-ls tags --sort=size "))
	})
})
