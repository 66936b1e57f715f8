package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

func helpCommand() command {
	var topic *command
	return command{
		name:    "help",
		args:    "[command]",
		maxArgs: 1,
		choices: func(context.Context, *call, string) []string { return commandNames() },
		summary: "show how to use a command",
		about:   "Show how to use the program, or one of its commands.",
		bind:    noFlags,
		check: func(c *call) (err error) {
			if c.flags.NArg() > 0 {
				if topic, err = lookup(c.flags.Arg(0)); err != nil {
					c.command = nil // the usage to show is the program's
				}
			}
			return err
		},
		do: func(_ context.Context, c *call) error { return c.printHelp(topic) },
	}
}

// printHelp writes the help of cmd, or of the program if cmd is nil.
func (p *process) printHelp(cmd *command) error {
	columns := min(cmp.Or(p.columns, widest), widest)
	text := programHelp(columns)
	if cmd != nil {
		text = cmd.help(columns)
	}
	_, err := io.WriteString(p.stdout, p.named(text))
	return err
}

// widest is how many columns help takes at most.
const widest = 110

func programHelp(columns int) string {
	text := "List the images of a Docker engine.\n\n" + usageLine(nil) + "\nCommands:\n"
	for _, c := range commands() {
		text += fmt.Sprintf("  %-12s%s\n", c.name, c.summary)
	}
	return fmt.Sprintf("%s\nFlags, before the command or after it:\n%s\nRun \"%s help COMMAND\" for more about a command.\n",
		wrap(text, columns), new(rootOptions).flags().FlagUsagesWrapped(columns), program)
}

func (c *command) help(columns int) string {
	text := wrap(c.about, columns) + "\n" + usageLine(c)
	if c.examples != "" {
		text += "\nExamples:\n" + c.examples
	}
	flags := newFlagSet(c.name)
	c.bind(flags)
	if flags.HasFlags() {
		text += "\nFlags:\n" + flags.FlagUsagesWrapped(columns)
	}
	return text + "\nFlags of all commands:\n" + new(rootOptions).flags().FlagUsagesWrapped(columns)
}

// wrap breaks the lines of text between words, to fit into these columns unless a word is longer.
func wrap(text string, columns int) string {
	var out strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		for len(line) > columns {
			end := strings.LastIndexByte(line[:columns+1], ' ')
			if end < 0 {
				if end = strings.IndexByte(line, ' '); end < 0 {
					break
				}
			}
			out.WriteString(line[:end] + "\n")
			line = line[end+1:]
		}
		out.WriteString(line + "\n")
	}
	return out.String()
}

// usageLine returns how to call cmd, or the program if cmd is nil.
func usageLine(cmd *command) string {
	words := "[flags] COMMAND"
	if cmd != nil {
		words = strings.TrimSpace(cmd.name + " [flags] " + cmd.args)
	}
	return fmt.Sprintf("Usage:\n  %s %s\n", program, words)
}

// A usageError is wrong use of the program, with the usage line and where to read more.
type usageError struct{ text, usage string }

func (e *usageError) Error() string { return e.text }

// wrongUse returns a usageError for err, the error from parsing or checking args. Its usage is short, so
// that the error stays in sight.
func (c *call) wrongUse(err error, args []string) error {
	text := err.Error()
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) && invalid.GetFlag().NoOptDefVal != "" { // pflag has the words of Go's strconv
		text = fmt.Sprintf("invalid argument %q for \"--%s\" flag: neither true nor false", invalid.GetValue(), invalid.GetFlag().Name)
	}
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		var names []string
		c.flags.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		text += cmp.Or(instead(unknown, args), didYouMean(unknown.GetSpecifiedName(), names, "--"))
	}
	for _, arg := range args { // an address in the wrong place may hold a password
		_, value, _ := strings.Cut(arg, "=")
		for _, word := range []string{arg, value} {
			if redacted := endpoint.RedactAddress(word); redacted != word {
				text = strings.NewReplacer(strconv.Quote(word), strconv.Quote(redacted), word, redacted).Replace(text)
			}
		}
	}
	topic := ""
	if c.command != nil {
		topic = " " + c.command.name
	}
	return &usageError{text, fmt.Sprintf("%s\nRun \"%s help%s\" for more.\n", usageLine(c.command), program, topic)}
}
