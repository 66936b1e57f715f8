//go:build unix

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/opencontainers/go-digest"
)

// A terminal is a shell in which somebody types.
type terminal struct {
	keys   io.Writer
	screen *gbytes.Buffer
	line   string // the file to which control-T writes what is on the command line
}

const (
	tab   = "\t"
	erase = "\x15" // control-U
	dump  = "\x14" // control-T
	ready = "READY> "
)

// A setup is a shell and what it reads first: how completion is loaded, the prompt, the dump key.
type setup struct{ shell, start string }

func inBash() setup {
	return setup{"bash", `source <(dkr-ls completion bash)
		bind 'set bell-style none'
		bind -x '"\C-t": printf "%s\n" "$READLINE_LINE" >"$LINE"'
		PS1='READY> '`}
}

func inZsh() setup {
	return setup{"zsh", `autoload -Uz compinit && compinit -u -D
		source <(dkr-ls completion zsh)
		dump() { print -r -- "$BUFFER" >"$LINE" }
		zle -N dump && bindkey '^T' dump
		unsetopt beep prompt_sp
		PS1='READY> '`}
}

func inFish() setup {
	return setup{"fish", `function fish_prompt; echo -n 'READY> '; end
		set -g fish_greeting
		bind \ct 'commandline >$LINE'`}
}

// openTerminal starts a shell, which outlives ctx, in a folder of its own, where completion is
// installed as the help of the completion command has it. Its engine and that of the context staging
// have the same images, the context prod has others.
func openTerminal(ctx context.Context, in setup) terminal {
	GinkgoHelper()
	needShell("script", in.shell)
	host := engineWith(`[{"Id":"a","RepoTags":["nginx:1","localhost:5000/team/app:1","localhost:5000/web:1","$(touch${IFS}x):1"]},{"Id":"b"}]`)
	otherHost := engineWith(`[{"Id":"a","RepoTags":["only-in-prod:1"]}]`)
	home := GinkgoT().TempDir()
	write := func(text string, path ...string) {
		file := filepath.Join(append([]string{home}, path...)...)
		Expect(os.MkdirAll(filepath.Dir(file), 0o700)).To(Succeed())
		Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
	}
	write("", "notes.txt")
	for name, address := range map[string]string{"prod": otherHost, "staging": host} {
		write(fmt.Sprintf(`{"Name":%q,"Endpoints":{"docker":{"Host":%q}}}`, name, address),
			".docker", "contexts", "meta", digest.FromString(name).Encoded(), "meta.json")
	}
	Expect(os.MkdirAll(filepath.Join(home, "bin"), 0o700)).To(Succeed())
	Expect(os.Symlink(binary(), filepath.Join(home, "bin", "dkr-ls"))).To(Succeed())
	for shell, path := range map[string]string{"fish": ".config/fish/completions/dkr-ls.fish", "zsh": "functions/_dkr-ls"} {
		script, err := exec.CommandContext(ctx, binary(), "completion", shell).Output()
		Expect(err).NotTo(HaveOccurred())
		write(string(script), path)
	}
	write(in.start, map[string]string{"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}[in.shell])

	cmd := exec.CommandContext(context.WithoutCancel(ctx), "script", "--quiet", "--return", "--command", map[string]string{
		"bash": "exec bash --noprofile --rcfile .bashrc -i", "zsh": "exec zsh -d -i", "fish": "exec fish",
	}[in.shell], "/dev/null")
	cmd.Dir = home
	t := terminal{line: filepath.Join(home, "line")}
	cmd.Env = []string{
		"HOME=" + home, "PATH=" + filepath.Join(home, "bin") + ":" + os.Getenv("PATH"), "SHELL=/bin/sh", "TERM=xterm",
		"LANG=C.UTF-8", "DOCKER_HOST=" + host, "LINE=" + t.line,
		"XDG_RUNTIME_DIR=" + home, // or fish leaves /tmp/fish.USER
	}
	var err error
	t.keys, err = cmd.StdinPipe()
	Expect(err).NotTo(HaveOccurred())
	t.screen = start(cmd).Out
	Eventually(t.screen).WithTimeout(deadline).Should(gbytes.Say(ready))
	return t
}

// press types keys, and returns what is then on the command line.
func (t terminal) press(keys string) string {
	GinkgoHelper()
	Expect(os.RemoveAll(t.line)).To(Succeed())
	_, err := io.WriteString(t.keys, erase+keys+dump)
	Expect(err).NotTo(HaveOccurred())
	var line []byte
	Eventually(func() string {
		line, _ = os.ReadFile(t.line)
		return string(line)
	}).WithTimeout(deadline).Should(HaveSuffix("\n"))
	return strings.TrimSuffix(string(line), "\n")
}

// engineWith answers with images, which are JSON.
func engineWith(images string) (host string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Api-Version", "1.41")
		_, _ = w.Write([]byte(images))
	}))
	DeferCleanup(server.Close)
	return strings.Replace(server.URL, "http", "tcp", 1)
}

// needShell skips where there is no such shell, unless it has to be there. Other systems than Linux
// have another script, whose flags and terminals differ.
func needShell(names ...string) {
	GinkgoHelper()
	for _, name := range names {
		_, err := exec.LookPath(name)
		if err == nil && runtime.GOOS == "linux" {
			continue
		}
		if os.Getenv("CI") == "true" && runtime.GOOS == "linux" {
			Fail("there is no " + name + " here, which CI must have")
		}
		skipAloud("there is no " + name + " here, or not the one of Linux; try: hack/apt.sh bash zsh fish bsdutils")
	}
}

// skipAloud skips, and shows why even where skipped specs are not shown.
func skipAloud(reason string) {
	AddReportEntry(reason, ReportEntryVisibilityAlways)
	Skip(reason)
}
