package main

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister"
)

func reposCommand() command {
	return command{
		name:    "repos",
		summary: "list the repositories, one a line",
		about: "List the repositories of the engine's images, each once, in the order in which the tags\n" +
			"command first shows it: newest image first. <none> stands for untagged images.",
		examples: "  dkr-ls repos\n" +
			"  dkr-ls repos | grep amazonaws.com\n" +
			"  dkr-ls repos --log-level DEBUG 2> log\n",
		bind: func(*pflag.FlagSet) action { return listRepos },
	}
}

func listRepos(ctx context.Context, s *session, _ []string) error {
	l, err := s.lister()
	if err != nil {
		return err
	}
	repos, err := l.Repos(ctx)
	if err != nil {
		return err
	}
	return written(lister.WriteRepos(s.stdout, repos))
}

// written says what failed where printing did.
func written(err error) error {
	if err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	return nil
}
