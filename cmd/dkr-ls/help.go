package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/spf13/pflag"
)

func helpCommand() command {
	return command{
		name:    "help",
		args:    "[command]",
		maxArgs: 1,
		choices: commandNames,
		summary: "show how to use a command",
		about:   "Show how to use the program, or one of its commands.",
		bind:    func(*pflag.FlagSet) (action, check) { return help, nil },
	}
}

func help(_ context.Context, s *session, args []string) error {
	if len(args) == 0 {
		return s.printHelp(nil)
	}
	cmd, err := lookup(args[0])
	if err != nil {
		return s.wrongUse(err, nil, nil, args)
	}
	return s.printHelp(cmd)
}

// printHelp writes the help of cmd, or of the program where cmd is nil.
func (p process) printHelp(cmd *command) error {
	var text bytes.Buffer
	if cmd == nil {
		text.WriteString("List the images of a Docker engine.\n\n")
	} else {
		fmt.Fprintf(&text, "%s\n\n", cmd.about)
	}
	writeUsage(&text, cmd)
	_, err := io.WriteString(p.stdout, p.named(text.String()))
	return written(err)
}
