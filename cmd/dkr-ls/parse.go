package main

import (
	"cmp"
	"errors"

	"github.com/spf13/pflag"
)

// An invocation is what a command line asks for.
type invocation struct {
	root    rootOptions
	command *command // nil: none, for help or the version of the whole program
	action  action
	args    []string // what the command's flags left over
}

// parse finds the command that args name, and binds its flags. Its errors are usageErrors.
func (p process) parse(args []string) (*invocation, error) {
	asked := &invocation{root: rootOptions{plugin: p.plugin}}
	rootFlags := asked.root.flags()
	rootFlags.SetInterspersed(false) // up to the command's name
	err := rootFlags.Parse(args)
	if rest := behindDocker(rootFlags.Args()); err == nil && p.plugin && rest != nil {
		asked.root.behindDocker()
		err = rootFlags.Parse(rest)
	}
	switch {
	case err != nil:
		return nil, p.wrongUse(err, nil, rootFlags, args)
	case asked.root.help, asked.root.version:
		return asked, nil
	case rootFlags.NArg() == 0:
		return nil, p.wrongUse(errors.New("no command given"), nil, rootFlags, args)
	}
	if asked.command, err = lookup(rootFlags.Arg(0)); err != nil {
		return nil, p.wrongUse(err, nil, rootFlags, args)
	}

	flags := pflag.NewFlagSet(asked.command.name, pflag.ContinueOnError)
	var check check
	asked.action, check = asked.command.bind(flags)
	flags.AddFlagSet(rootFlags) // accepted after the command too
	if err = flags.Parse(rootFlags.Args()[1:]); err != nil {
		return nil, p.wrongUse(err, asked.command, flags, args)
	}
	if asked.root.help || asked.root.version {
		return asked, nil
	}
	asked.args = flags.Args()
	err = cmp.Or(asked.root.check(), asked.command.checkArgs(asked.args, flags))
	if err == nil && check != nil {
		err = check(&asked.root)
	}
	if err != nil {
		return nil, p.wrongUse(err, asked.command, flags, args)
	}
	return asked, nil
}
