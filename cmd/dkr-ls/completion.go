package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// completions has a script for each of [shells].
//
//go:embed completions
var completions embed.FS

func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

func completionCommand() command {
	var script []byte
	return command{
		name:    "completion",
		args:    strings.Join(shells(), "|"),
		maxArgs: 1,
		choices: func(context.Context, *call, string) []string { return shells() },
		summary: "print a script that completes command lines in a shell",
		about: "Print a script with which a shell completes command lines of this program: commands, flags, their " +
			"values, docker contexts, and the engine's repositories and tags, if it answers within a second. The first " +
			"example is for ~/.bashrc, the second for ~/.zshrc after compinit, the third is to be run once, the fourth is for " +
			"PowerShell's $PROFILE.",
		examples: "  source <(dkr-ls completion bash)\n" +
			"  source <(dkr-ls completion zsh)\n" +
			"  dkr-ls completion fish > ~/.config/fish/completions/dkr-ls.fish\n" +
			"  dkr-ls completion powershell | Out-String | Invoke-Expression\n",
		bind: noFlags,
		check: func(c *call) (err error) {
			script, err = scriptFor(c.flags.Arg(0))
			return err
		},
		do: func(_ context.Context, c *call) error {
			_, err := c.stdout.Write(script)
			return err
		},
	}
}

// scriptFor returns the script of a shell.
func scriptFor(shell string) ([]byte, error) {
	switch {
	case shell == "":
		return nil, errors.New("no shell given: one of " + strings.Join(shells(), ", "))
	case !slices.Contains(shells(), shell):
		return nil, fmt.Errorf("unknown shell: %s%s", shell, didYouMean(shell, shells(), ""))
	}
	return completions.ReadFile("completions/" + strings.Replace(shell, "powershell", "ps1", 1))
}
