//go:build unix

package main

import (
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// These specs type command lines, and the tab key, into real shells on a real terminal.

var _ = Describe("completion by the tab key", func() {
	for _, shell := range []setup{inBash(), inZsh(), inFish()} {
		Describe(shell.name, Ordered, func() {
			var t terminal
			BeforeAll(func(ctx SpecContext) { t = openTerminal(ctx, shell) })

			DescribeTable("turns", func(typed, want string) {
				Expect(t.press(typed + tab)).To(Equal(want))
			},
				Entry(nil, "dkr-ls ta", "dkr-ls tags "),
				Entry(nil, "bin/dkr-ls ta", "bin/dkr-ls tags "),
				Entry(nil, "~/bin/dkr-ls ta", "~/bin/dkr-ls tags "),
				Entry(nil, "nowhere/dkr-ls ta", "nowhere/dkr-ls ta"),
				Entry(nil, "dkr-ls tags --sort si", "dkr-ls tags --sort size "),
				Entry(nil, "dkr-ls tags --sort=si", "dkr-ls tags --sort=size "),
				Entry(nil, "dkr-ls tags --sort  'si", "dkr-ls tags --sort  'size' "),
				Entry(nil, "dkr-ls tags --format '{{.ID}}' --keep=1 --no", "dkr-ls tags --format '{{.ID}}' --keep=1 --no-trunc "),
				Entry(nil, "dkr-ls tags --prefix loc", "dkr-ls tags --prefix localhost:5000/"),
				Entry(nil, "dkr-ls tags --prefix localhost:5000/te", "dkr-ls tags --prefix localhost:5000/team/app "),
				Entry(nil, "dkr-ls tags --prefix=localhost:", "dkr-ls tags --prefix=localhost:5000/"),
				Entry(nil, "dkr-ls tags --prefix=localhost:5000/te", "dkr-ls tags --prefix=localhost:5000/team/app "),
				Entry(nil, "dkr-ls tags --prefix '<no", "dkr-ls tags --prefix '<none>' "),
				Entry(nil, `dkr-ls tags --prefix "localhost:5000/w`, `dkr-ls tags --prefix "localhost:5000/web" `),
				Entry(nil, `dkr-ls tags --prefix '$`, `dkr-ls tags --prefix '$`),
				Entry(nil, "dkr-ls --context st", "dkr-ls --context staging "),
				Entry(nil, "dkr-ls --context=prod tags --prefix o", "dkr-ls --context=prod tags --prefix only-in-prod "),
				Entry(nil, "dkr-ls tags --host tcp://127.0.0.1:1 --prefix ngi", "dkr-ls tags --host tcp://127.0.0.1:1 --prefix ngi"),
				Entry(nil, "dkr-ls tags --log-file no", "dkr-ls tags --log-file notes.txt "),
				Entry(nil, "dkr-ls tags --log-file ~/no", "dkr-ls tags --log-file ~/notes.txt "),
				Entry(nil, "dkr-ls tags --log-file=no", "dkr-ls tags --log-file=notes.txt "),
			)

			It("quotes what the shell would not take for a word", func() {
				line := "dkr-ls tags --host " + listing(`[{"Id":"b"}]`) + " --prefix "
				Expect(t.press(line + tab)).To(Or(Equal(line+`\<none\> `), Equal(line+"'<none>' ")))
			})

			It("lists all commands", func() {
				before := len(t.screen.Contents())
				t.press("dkr-ls " + tab + tab)
				Eventually(func() string { return string(t.screen.Contents()[before:]) }).Should(And(
					ContainSubstring("completion"), ContainSubstring("help"), ContainSubstring("repos"), ContainSubstring("tags"),
					ContainSubstring("version"), Not(ContainSubstring(completeCall))))
			})

			It("leaves nothing running", func() {
				home := filepath.Dir(t.line)
				Eventually(processesOf).WithArguments(home).Should(ConsistOf(shell.name))
				Expect(filepath.Glob(filepath.Join(home, ".local/share/fish/generated_completions/*"))).To(BeEmpty(), "what fish reads from man pages")
			})

			It("shows no errors, and runs no name", func() {
				Expect(string(t.screen.Contents())).NotTo(MatchRegexp("Error|nknown|not found|[Nn]o such|refused"))
				Expect(filepath.Join(filepath.Dir(t.line), "x")).NotTo(BeAnExistingFile())
			})
		})
	}

	It("is loaded by zsh from a folder in fpath, too", func(ctx SpecContext) {
		// Whatever is installed on this machine is not what the specs try.
		start := "fpath=(${fpath:#*/(site-functions|vendor-completions)})\n" + strings.Replace(inZsh().start, "source <(dkr-ls completion zsh)", "", 1)
		t := openTerminal(ctx, setup{"zsh", start})
		Expect(t.press("dkr-ls tags --pref" + tab)).To(Equal("dkr-ls tags --pref")) // not there yet
		t = openTerminal(ctx, setup{"zsh", "fpath=(~/functions $fpath)\n" + start})
		Expect(t.press("dkr-ls tags --prefix=localhost:5000/w" + tab)).To(Equal("dkr-ls tags --prefix=localhost:5000/web "))
		Expect(t.press("dkr-ls tags --so" + tab)).To(Equal("dkr-ls tags --sort "))
	})

	It("works wherever bash splits words", func(ctx SpecContext) {
		t := openTerminal(ctx, setup{"bash", inBash().start + "\nCOMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]}"})
		Expect(t.press("dkr-ls tags --prefix=localhost:5000/w" + tab)).To(Equal("dkr-ls tags --prefix=localhost:5000/web "))
		Expect(t.press("dkr-ls tags --prefix localhost:5000/w" + tab)).To(Equal("dkr-ls tags --prefix localhost:5000/web "))
		Expect(t.press("dkr-ls tags --sort=si" + tab)).To(Equal("dkr-ls tags --sort=size "))
	})
})
