//go:build unix

package main

import (
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/creack/pty"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
)

// A terminal is a shell to type into.
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
type setup struct{ name, start string }

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

// openTerminal starts a shell, for the spec or the container of specs that it is called for, in its own
// home folder, where completion is installed as the help of the completion command has it. Its engine and
// that of the context staging have the same images, the context prod has others.
func openTerminal(ctx context.Context, shell setup) terminal {
	GinkgoHelper()
	needShell(shell.name)
	host := listing(`[{"Id":"a","RepoTags":["nginx:1","localhost:5000/team/app:1","localhost:5000/web:1","$(touch${IFS}x):1"]},{"Id":"b"}]`)
	home := GinkgoT().TempDir()
	put("", home, "notes.txt")
	// With these folders, of fish 3 and of fish 4, fish does not read all man pages in the background.
	for _, folder := range []string{".local/share", ".cache"} {
		Expect(os.MkdirAll(filepath.Join(home, folder, "fish", "generated_completions"), 0o700)).To(Succeed())
	}
	addContext(filepath.Join(home, ".docker"), "staging", host)
	addContext(filepath.Join(home, ".docker"), "prod", listing(`[{"Id":"a","RepoTags":["only-in-prod:1"]}]`))
	Expect(os.Symlink(linked("dkr-ls"), filepath.Join(home, "bin"))).To(Succeed())
	for shell, path := range map[string]string{"fish": ".config/fish/completions/dkr-ls.fish", "zsh": "functions/_dkr-ls"} {
		script, err := exec.CommandContext(ctx, binary(), "completion", shell).Output()
		Expect(err).NotTo(HaveOccurred())
		put(string(script), home, path)
	}
	put(shell.start, home, map[string]string{"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}[shell.name])

	t := terminal{line: filepath.Join(home, "line"), screen: gbytes.NewBuffer()}
	flags := map[string][]string{"bash": {"--noprofile", "--rcfile", ".bashrc", "-i"}, "zsh": {"-d", "-i"}}[shell.name]
	// The shell ends with the spec rather than with ctx, and so does all that it starts.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), shell.name, flags...)
	cmd.Dir = home
	cmd.Env = []string{
		"HOME=" + home, "PATH=" + filepath.Join(home, "bin") + ":" + os.Getenv("PATH"), "TERM=xterm", "LANG=C.UTF-8", "DOCKER_HOST=" + host, "LINE=" + t.line,
		"XDG_RUNTIME_DIR=" + home, // or fish leaves /tmp/fish.USER
	}
	DeferCleanup(func() {
		Eventually(processesOf).WithArguments(home).Should(BeEmpty(), "what outlives "+shell.name)
	})
	screen, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 200})
	Expect(err).NotTo(HaveOccurred())
	t.keys = screen
	go func() { _, _ = io.Copy(t.screen, screen) }() // until the shell has ended
	DeferCleanup(func() {
		_ = cmd.Process.Kill() // else it writes its history
		_ = cmd.Wait()
		_ = screen.Close()
	})
	Eventually(t.screen).Should(gbytes.Say(ready))
	return t
}

// processesOf are the names of the processes that have this home.
func processesOf(home string) (names []string) {
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		environment, _ := os.ReadFile(filepath.Join(folder, "environ")) // it may have ended by now
		if slices.Contains(strings.Split(string(environment), "\x00"), "HOME="+home) {
			name, _ := os.ReadFile(filepath.Join(folder, "comm"))
			names = append(names, strings.TrimSpace(string(name)))
		}
	}
	return names
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
	}).Should(HaveSuffix("\n"))
	return strings.TrimSuffix(string(line), "\n")
}

// needShell skips where there is no such shell, unless it has to be there, and on other systems than
// Linux, which have no /proc to see what outlives a shell.
func needShell(name string) {
	GinkgoHelper()
	_, err := exec.LookPath(name)
	switch {
	case err == nil && runtime.GOOS == "linux":
	case os.Getenv("CI") == "true" && runtime.GOOS == "linux":
		Fail("there is no " + name + " here, which CI must have")
	default:
		skipAloud("there is no " + name + " here, or this is not Linux; try: hack/apt.sh bash zsh fish")
	}
}
