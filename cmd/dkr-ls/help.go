package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

func helpCommand() command {
	return command{
		name:    "help",
		args:    "[command]",
		maxArgs: 1,
		choices: commandNames,
		summary: "show how to use a command",
		about:   "Show how to use the program, or one of its commands.",
		bind: func(*pflag.FlagSet) verb {
			var topic *command
			return verb{
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
		},
	}
}

// printHelp writes the help of cmd, or of the program where cmd is nil.
func (p *process) printHelp(cmd *command) error {
	about, usage := "List the images of a Docker engine.", programUsage
	if cmd != nil {
		about, usage = cmd.about, cmd.usage
	}
	_, err := io.WriteString(p.stdout, p.named(about+"\n\n"+usage()))
	return err
}

// usageLine returns how to call cmd, or the program where cmd is nil.
func usageLine(cmd *command) string {
	words := "[flags] COMMAND"
	if cmd != nil {
		words = strings.TrimSpace(cmd.name + " [flags] " + cmd.args)
	}
	return fmt.Sprintf("Usage:\n  %s %s\n", program, words)
}

func programUsage() string {
	text := usageLine(nil) + "\nCommands:\n"
	for _, c := range commands() {
		text += fmt.Sprintf("  %-12s%s\n", c.name, c.summary)
	}
	return fmt.Sprintf("%s\nFlags, before the command or after it:\n%s\n\"%s help COMMAND\" tells more about a command.\n",
		text, new(rootOptions).flags().FlagUsages(), program)
}

func (c *command) usage() string {
	text := usageLine(c)
	if c.examples != "" {
		text += "\nExamples:\n" + c.examples
	}
	flags := newFlagSet(c.name)
	c.bind(flags)
	if flags.HasFlags() {
		text += "\nFlags:\n" + flags.FlagUsages()
	}
	return text + "\nFlags of all commands:\n" + new(rootOptions).flags().FlagUsages()
}

// A usageError is wrong use of the program, with the usage line and where to read more.
type usageError struct{ text, usage string }

func (e *usageError) Error() string { return e.text }

// wrongUse makes a usageError of err, which comes from parsing args, say. It is short, so that the
// error stays in sight.
func (c *call) wrongUse(err error, args []string) error {
	text := err.Error()
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) && invalid.GetFlag().NoOptDefVal != "" { // pflag has the words of Go's strconv
		text = fmt.Sprintf("invalid argument %q for \"--%s\" flag: neither true nor false", invalid.GetValue(), invalid.GetFlag().Name)
	}
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		text += cmp.Or(instead(unknown, args), didYouMean(unknown.GetSpecifiedName(), flagNames(c.flags), "--"))
	}
	text += c.quotingHint(err, args)
	for _, arg := range args {
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
	return &usageError{text, fmt.Sprintf("%s\n\"%s help%s\" tells more.\n", usageLine(c.command), program, topic)}
}

// flagNames returns the names of flags that help shows.
func flagNames(flags *pflag.FlagSet) (names []string) {
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

// quotingHint returns what to try where PowerShell may have changed a template: it takes one without
// quotes for a script block, and older versions drop the quotes inside.
func (p *process) quotingHint(err error, args []string) string {
	if slices.Contains(args, "-encodedCommand") {
		return "; try: quotes around the template, without which PowerShell takes it for a script block"
	}
	var invalid *pflag.InvalidValueError
	if p.getenv("PSModulePath") == "" || !errors.As(err, &invalid) || invalid.GetFlag().Name != "format" {
		return ""
	}
	template, reason := invalid.GetValue(), err.Error()
	if !strings.Contains(template, "{{") || strings.Contains(template, `"`) ||
		!strings.Contains(reason, "not defined") && !strings.Contains(reason, " in operand") {
		return "" // quotes that are missing make other mistakes
	}
	return `; try: \" for each " inside the template, which PowerShell before 7.3 drops`
}
