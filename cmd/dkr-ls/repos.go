package main

import (
	"cmp"
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/format"
)

// reposOptions are the flags of the repos command.
type reposOptions struct{ format formatValue }

func reposCommand() command {
	return command{
		name:    "repos",
		summary: "list the repositories, one a line",
		about: "List the repositories of the engine's images, each once, in the order in which the tags\n" +
			"command first shows it: newest image first. <none> stands for untagged images.",
		examples: "  dkr-ls repos\n" +
			"  dkr-ls repos | grep amazonaws.com\n" +
			"  dkr-ls repos --format 'table {{.Repository}}\\t{{.Tags}}\\t{{.Size}}'\n",
		bind: func(flags *pflag.FlagSet) (action, check) {
			var o reposOptions
			o.format.parse = format.ParseRepos
			flags.Var(&o.format, "format", "print as `form`: table, json (one object a line), a Go template, or table and a template")
			return o.list, nil
		},
	}
}

func (o *reposOptions) list(ctx context.Context, s *session, _ []string) error {
	tags, err := s.tags(ctx, lister.Filter{}, false)
	if err != nil && !isPartial(tags, err) {
		return err
	}
	repos, sumErr := lister.Repositories(tags)
	if sumErr != nil && !o.format.IsTable() {
		return sumErr
	}
	return cmp.Or(written(o.format.WriteRepos(s.stdout, repos, lister.Table{Now: s.now(), Contexts: s.several()})), err)
}

// written says what failed where printing did.
func written(err error) error {
	if err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	return nil
}
