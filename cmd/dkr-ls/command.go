package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/pflag"
)

// program is the program's name in usage texts.
const program = "dkr-ls"

// A command is one verb of the program. Lookup, help and usage texts all come from it.
type command struct {
	name     string
	args     string // "": it takes none
	maxArgs  int
	choices  func(ctx context.Context, c *call, word string) []string // what completion offers for an argument
	summary  string                                                   // one line
	about    string                                                   // what it does, in whole sentences
	examples string                                                   // lines of a shell, indented by two
	bind     func(*pflag.FlagSet)                                     // adds the command's flags
	check    func(*call) error                                        // refuses wrong use, before any work is done
	do       func(context.Context, *call) error
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
	return nil, fmt.Errorf("unknown command: %s%s", name, guess)
}

// A call is one use of the program: what its command line asks for, and what carries that out.
type call struct {
	*process
	root    rootOptions
	command *command       // nil: none, or none yet
	flags   *pflag.FlagSet // the program's, and the command's as well once that is known
	log     *slog.Logger
}

// parse reads args with read, up to the first mistake.
func (c *call) parse(args []string, read func(*pflag.FlagSet, []string) error) (err error) {
	c.flags = c.root.flags()
	c.flags.SetInterspersed(false) // up to the command's name
	if c.plugin {
		args, err = c.root.readDocker(args, read)
	}
	err = cmp.Or(err, read(c.flags, args))
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
	c.command.bind(flags)
	flags.AddFlagSet(c.flags) // accepted after the command too
	c.flags = flags
	err = read(flags, rest[1:])
	c.root.nearest(flags)
	return err
}

func newFlagSet(name string) *pflag.FlagSet {
	flags := pflag.NewFlagSet(name, pflag.ContinueOnError)
	flags.SortFlags = false
	return flags
}

// wantsHelp reports whether the flags ask for help or the version, whatever else they ask for.
func (c *call) wantsHelp() bool { return c.root.help || c.root.version }

// check refuses excess arguments, and flags that contradict each other.
func (c *call) check() error {
	if err := c.root.check(); err != nil {
		return err
	}
	if c.flags.NArg() > c.command.maxArgs {
		return fmt.Errorf("unexpected argument: %s", c.flags.Arg(c.command.maxArgs))
	}
	return c.command.check(c)
}

// For commands that have no flags, and nothing to refuse but excess arguments.
func noFlags(*pflag.FlagSet) {}
func noCheck(*call) error    { return nil }
