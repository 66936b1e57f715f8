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
	if err == nil && p.plugin && rootFlags.Arg(0) == pluginName { // behind docker's own flags
		err = rootFlags.Parse(rootFlags.Args()[1:])
	}
	switch {
	case err != nil:
		return nil, wrongUse(err, nil, rootFlags)
	case asked.root.help, asked.root.version:
		return asked, nil
	case rootFlags.NArg() == 0:
		return nil, wrongUse(errors.New("no command given"), nil, rootFlags)
	}
	if asked.command, err = lookup(rootFlags.Arg(0)); err != nil {
		return nil, wrongUse(err, nil, rootFlags)
	}

	flags := pflag.NewFlagSet(asked.command.name, pflag.ContinueOnError)
	var check check
	asked.action, check = asked.command.bind(flags)
	flags.AddFlagSet(rootFlags) // accepted after the command too
	if err = flags.Parse(rootFlags.Args()[1:]); err != nil {
		return nil, wrongUse(err, asked.command, flags)
	}
	if asked.root.help || asked.root.version {
		return asked, nil
	}
	asked.args = flags.Args()
	err = cmp.Or(asked.root.check(), asked.command.checkArgs(asked.args))
	if err == nil && check != nil {
		err = check(&asked.root)
	}
	if err != nil {
		return nil, wrongUse(err, asked.command, flags)
	}
	return asked, nil
}
