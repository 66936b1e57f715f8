package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
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
	guess := didYouMean(name, names, "")
	if alias := aliases()[strings.ToLower(name)]; alias != "" {
		guess = suggestion(alias)
	}
	return nil, fmt.Errorf("unknown command: %s%s", endpoint.RedactAddress(name), guess)
}

func (c *command) checkArgs(args []string, flags *pflag.FlagSet) error {
	if len(args) <= c.maxArgs {
		return nil
	}
	arg, guess := args[c.maxArgs], ""
	if flags.Lookup("prefix") != nil && endpoint.IsWord(arg) && isPrefix(arg) {
		guess = suggestion("--prefix " + arg)
	}
	return fmt.Errorf("unexpected argument: %s%s", endpoint.RedactAddress(arg), guess)
}

// isPrefix reports whether an argument was probably meant for --prefix: no command, no value of a flag that
// stands alone.
func isPrefix(arg string) bool {
	_, notCommand := lookup(arg)
	_, notBool := strconv.ParseBool(arg)
	return notCommand != nil && notBool != nil && aliases()[arg] == "" && new(prefixes).Set(arg) == nil
}

// usageLine is how to call cmd, or the program where cmd is nil.
func usageLine(cmd *command) string {
	if cmd == nil {
		return fmt.Sprintf("Usage:\n  %s [flags] COMMAND\n", program)
	}
	return fmt.Sprintf("Usage:\n  %s\n", strings.TrimRight(fmt.Sprintf("%s %s [flags] %s", program, cmd.name, cmd.args), " "))
}

// writeUsage writes the usage text of cmd, or of the program where cmd is nil.
func writeUsage(w io.Writer, cmd *command) {
	var root rootOptions
	rootFlags := root.flags()
	if cmd == nil {
		_, _ = fmt.Fprintf(w, "%s\nCommands:\n", usageLine(nil))
		for _, c := range commands() {
			_, _ = fmt.Fprintf(w, "  %-12s%s\n", c.name, c.summary)
		}
		_, _ = fmt.Fprintf(w, "\nFlags, before the command or after it:\n%s\n\"%s help COMMAND\" tells more about a command.\n",
			rootFlags.FlagUsages(), program)
		return
	}
	_, _ = io.WriteString(w, usageLine(cmd))
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
