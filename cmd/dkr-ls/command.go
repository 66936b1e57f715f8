package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"
)

// program is the name that usage texts call this by.
const program = "dkr-ls"

// An action carries out a command with the arguments that its flags left over.
type action func(ctx context.Context, s *session, args []string) error

// A check refuses flags that contradict each other, before anything is done.
type check func(*rootOptions) error

// A command is one verb of the program. Lookup, help and usage texts all come from it.
type command struct {
	name     string
	args     string // "" for none, "[command]"
	maxArgs  int
	choices  func() []candidate                   // what an argument may be, for completion
	summary  string                               // one line
	about    string                               // what it does, in whole sentences
	examples string                               // lines of a shell, indented by two
	bind     func(*pflag.FlagSet) (action, check) // the check may be nil
}

func commands() []command {
	return []command{reposCommand(), tagsCommand(), helpCommand(), versionCommand(), completionCommand()}
}

// lookup finds a command by its name.
func lookup(name string) (*command, error) {
	var names []string
	for _, c := range commands() {
		if c.name == name {
			return &c, nil
		}
		names = append(names, c.name)
	}
	return nil, fmt.Errorf("unknown command: %s%s", name, didYouMean(name, names, ""))
}

func (c *command) checkArgs(args []string) error {
	if len(args) > c.maxArgs {
		return fmt.Errorf("unexpected argument: %s", args[c.maxArgs])
	}
	return nil
}

// A usageError is wrong use of the program, with the usage text that tells the right one.
type usageError struct{ text, usage string }

func (e *usageError) Error() string { return e.text }

// wrongUse makes a usageError of err, which comes from parsing flags, say.
func wrongUse(err error, cmd *command, flags *pflag.FlagSet) error {
	text := err.Error()
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		var names []string
		flags.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		text += didYouMean(unknown.GetSpecifiedName(), names, "--")
	}
	var usage strings.Builder
	writeUsage(&usage, cmd)
	return &usageError{text, usage.String()}
}

// writeUsage writes the usage text of cmd, or of the program where cmd is nil.
func writeUsage(w io.Writer, cmd *command) {
	var root rootOptions
	rootFlags := root.flags()
	if cmd == nil {
		_, _ = fmt.Fprintf(w, "Usage:\n  %s [flags] COMMAND\n\nCommands:\n", program)
		for _, c := range commands() {
			_, _ = fmt.Fprintf(w, "  %-12s%s\n", c.name, c.summary)
		}
		_, _ = fmt.Fprintf(w, "\nFlags, before the command or after it:\n%s\n\"%s help COMMAND\" tells more of a command.\n",
			rootFlags.FlagUsages(), program)
		return
	}
	_, _ = fmt.Fprintf(w, "Usage:\n  %s\n", strings.TrimRight(fmt.Sprintf("%s %s [flags] %s", program, cmd.name, cmd.args), " "))
	if cmd.examples != "" {
		_, _ = fmt.Fprintf(w, "\nExamples:\n%s", cmd.examples)
	}
	flags := pflag.NewFlagSet(cmd.name, pflag.ContinueOnError)
	flags.SortFlags = false
	cmd.bind(flags)
	if flags.HasFlags() {
		_, _ = fmt.Fprintf(w, "\nFlags:\n%s", flags.FlagUsages())
	}
	_, _ = fmt.Fprintf(w, "\nFlags of all commands:\n%s", rootFlags.FlagUsages())
}
