package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// completions has a script for each of [shells].
//
//go:embed completions
var completions embed.FS

func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

func completionCommand() command {
	return command{
		name:    "completion",
		args:    strings.Join(shells(), "|"),
		maxArgs: 1,
		choices: func() []candidate { return candidatesOf(shells()...) },
		summary: "print a script that completes command lines in a shell",
		about: "Print a script with which a shell completes command lines of this program: commands, flags,\n" +
			"their values, docker contexts, and for --prefix the engine's repositories, if it answers within\n" +
			"a second. The first example is for ~/.bashrc, the second for ~/.zshrc after compinit, the third\n" +
			"is done once, the fourth is for PowerShell's $PROFILE.",
		examples: "  source <(dkr-ls completion bash)\n" +
			"  source <(dkr-ls completion zsh)\n" +
			"  dkr-ls completion fish > ~/.config/fish/completions/dkr-ls.fish\n" +
			"  dkr-ls completion powershell | Out-String | Invoke-Expression\n",
		bind: func(*pflag.FlagSet) (action, check) { return printCompletion, nil },
	}
}

func printCompletion(_ context.Context, s *session, args []string) error {
	cmd := completionCommand()
	if len(args) == 0 {
		return s.wrongUse(errors.New("no shell given: one of "+strings.Join(shells(), ", ")), &cmd, nil, args)
	}
	file := args[0]
	if file == "powershell" {
		file = "ps1"
	}
	for _, shell := range shells() {
		if args[0] != shell {
			continue
		}
		script, err := completions.ReadFile("completions/" + file)
		if err != nil {
			return err
		}
		_, err = s.stdout.Write(script)
		return written(err)
	}
	return s.wrongUse(fmt.Errorf("unknown shell: %s%s", args[0], didYouMean(args[0], shells(), "")), &cmd, nil, args)
}
