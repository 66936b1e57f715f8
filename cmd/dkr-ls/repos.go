package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/format"
)

// reposOptions are the flags of the repos command.
type reposOptions struct {
	sort   sortKey
	format formatValue[lister.Repository]
}

func reposCommand() command {
	return command{
		name:    "repos",
		summary: "list the repositories, one per line",
		about: "List the repositories of the engine's images, each once, in the order in which the tags\n" +
			"command first shows it: newest image first. <none> stands for untagged images.\n" +
			templateAbout(lister.RepositoryColumns()),
		examples: "  dkr-ls repos\n" +
			"  dkr-ls repos | grep amazonaws.com\n" +
			"  dkr-ls repos --sort size --format 'table {{.Repository}}\\t{{.Tags}}\\t{{.Size}}'\n",
		bind: func(flags *pflag.FlagSet) (action, check) {
			var o reposOptions
			o.sort.keys = []string{"created", "size", "repository"}
			flags.Var(&o.sort, "sort", "sort by `key`: created (newest image first), size (largest first) or repository")
			o.format.parse = format.ParseRepos
			flags.Var(&o.format, "format", formatUsage)
			return o.list, nil
		},
	}
}

func (o *reposOptions) list(ctx context.Context, s *session, _ []string) error {
	tags, err := s.tags(ctx, o.filter(), lister.Lister{NamesOnly: !o.counts()})
	if err != nil && !isPartial(tags, err) {
		return err
	}
	repos, sumErr := lister.Repositories(tags)
	if sumErr != nil && o.counts() {
		return fmt.Errorf("%w; try: the table, sorted by another key", sumErr)
	}
	lister.SortRepositories(repos, o.sort.Key)
	return cmp.Or(written(o.format.Write(s.stdout, repos, lister.Table{Now: s.now(), Contexts: s.root.several()})), err)
}

// counts reports whether the listing tells, or sorts by, more than the names of repositories.
func (o *reposOptions) counts() bool { return !o.format.IsTable() || o.sort.Key == lister.BySize }

// filter leaves one row of each repository, the newest, where that is enough for its name and place.
func (o *reposOptions) filter() lister.Filter {
	if o.counts() {
		return lister.Filter{}
	}
	return lister.Filter{MaxTags: 1}
}

// written says what failed where printing did.
func written(err error) error {
	switch {
	case err == nil, errors.Is(err, format.ErrRow), errors.Is(err, lister.ErrReference): // nothing was written yet
		return err
	}
	return fmt.Errorf("writing the output: %w; try: another place for it", err)
}
