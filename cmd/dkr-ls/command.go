package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// program is the name that usage texts call this by.
const program = "dkr-ls"

// A command is one verb of the program. Lookup, help and usage texts all come from it.
type command struct {
	name     string
	args     string // "": it takes none
	maxArgs  int
	choices  func() []candidate        // what an argument may be, for completion
	summary  string                    // one line
	about    string                    // what it does, in whole sentences
	examples string                    // lines of a shell, indented by two
	bind     func(*pflag.FlagSet) verb // adds the command's flags
}

// A verb carries out a command with what its flags were set to.
type verb struct {
	check func(*call) error // refuses what contradicts itself, before anything is done; nil: nothing does
	do    func(context.Context, *call) error
}

func commands() []command {
	return []command{reposCommand(), tagsCommand(), helpCommand(), versionCommand(), completionCommand()}
}

// commandNames returns the names of all commands, for completion.
func commandNames() []candidate {
	var all []candidate
	for _, c := range commands() {
		all = append(all, candidate{c.name, c.summary})
	}
	return all
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

// A call is one use of the program: what its command line asks for, and what that needs.
type call struct {
	*process
	root    rootOptions
	command *command       // nil: none, or none yet
	flags   *pflag.FlagSet // of the program, and of the command as well once that is known
	verb    verb           // of the command
	log     *slog.Logger
}

// parse takes args up to the first mistake, which read finds.
func (c *call) parse(args []string, read func(*pflag.FlagSet, []string) error) error {
	c.root.plugin = c.plugin
	c.flags = c.root.flags()
	c.flags.SetInterspersed(false) // up to the command's name
	err := read(c.flags, args)
	if rest := behindDocker(c.flags.Args()); err == nil && c.plugin && rest != nil {
		c.root.behindDocker()
		err = read(c.flags, rest)
	}
	rest := c.flags.Args()
	switch {
	case err != nil, c.wantsHelp():
		return err
	case len(rest) == 0:
		return errors.New("no command given")
	}
	if c.command, err = lookup(rest[0]); err != nil {
		return err
	}
	flags := newFlagSet(c.command.name)
	c.verb = c.command.bind(flags)
	flags.AddFlagSet(c.flags) // accepted after the command too
	c.flags = flags
	return read(flags, rest[1:])
}

func newFlagSet(name string) *pflag.FlagSet {
	flags := pflag.NewFlagSet(name, pflag.ContinueOnError)
	flags.SortFlags = false
	return flags
}

// wantsHelp reports whether help or the version is asked for, whatever else is.
func (c *call) wantsHelp() bool { return c.root.help || c.root.version }

// check refuses arguments that are too many, and flags that contradict each other.
func (c *call) check() error {
	err := c.root.check()
	if c.flags.NArg() > c.command.maxArgs {
		arg, guess := c.flags.Arg(c.command.maxArgs), ""
		if c.flags.Lookup("prefix") != nil && isPrefix(arg) {
			guess = suggestion("--prefix " + arg)
		}
		err = cmp.Or(err, fmt.Errorf("unexpected argument: %s%s", endpoint.RedactAddress(arg), guess))
	}
	if err == nil && c.verb.check != nil {
		err = c.verb.check(c)
	}
	return err
}
