package main

import (
	"cmp"
	"context"
	"fmt"
	"math"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/format"
)

// reposOptions are the flags of the repos command.
type reposOptions struct {
	sort   lister.Key
	format format.Format

	patterns []lister.Pattern
}

func reposCommand() command {
	var o reposOptions
	return command{
		name:    "repos",
		args:    "[PATTERN...]",
		maxArgs: math.MaxInt,
		choices: repositories,
		summary: "list the repositories, one per line",
		about: "List the repositories of the engine's images, each once, in the order in which the tags command first " +
			"shows it: newest image first. <none> stands for untagged images.\n" +
			"A PATTERN is a REPOSITORY, in which * matches any text, a / included, and ? matches one character. A " +
			"repository is listed if any of several patterns matches it.\n" +
			templateAbout(lister.RepositoryColumns()),
		examples: "  dkr-ls repos\n" +
			"  dkr-ls repos '*.amazonaws.com/*'\n" +
			"  dkr-ls repos --sort size \\\n" +
			"    --format 'table {{.Repository}}\\t{{.Tags}}\\t{{.Size}}'\n",
		bind: func(flags *pflag.FlagSet) {
			sortFlag(flags, &o.sort, "sort by `key`: created (newest image first), size (largest first) or repository",
				"created", "size", "repository")
			formatFlag(flags, &o.format, format.ParseRepos)
		},
		check: o.check,
		do:    o.list,
	}
}

// check reads the patterns.
func (o *reposOptions) check(c *call) (err error) {
	o.patterns, err = patterns(c.flags.Args())
	for i, p := range o.patterns {
		if p.Tag != "*" {
			return fmt.Errorf("invalid pattern %q: repositories have no tag%s", c.flags.Arg(i), suggestion(quoted(p.Repository)))
		}
	}
	return err
}

func (o *reposOptions) list(ctx context.Context, c *call) error {
	filter := lister.Filter{Patterns: o.patterns}
	if !o.counts() {
		filter.MaxTags = 1 // enough for a repository's name and place
	}
	tags, err := c.tags(ctx, filter, lister.Lister{NamesOnly: !o.counts()})
	if err != nil && len(tags) == 0 {
		return err
	}
	repos := tags // of which each repository has one
	if o.counts() {
		var sumErr error
		if repos, sumErr = lister.Repositories(tags); sumErr != nil {
			return fmt.Errorf("%w; try: the table, sorted by another key", sumErr)
		}
	}
	lister.Sort(repos, o.sort)
	return cmp.Or(o.format.Write(c.stdout, repos, lister.Table{Now: c.now(), Contexts: c.root.several()}), err)
}

// counts reports whether the listing shows, or sorts by, more than the names of repositories.
func (o *reposOptions) counts() bool { return !o.format.IsTable() || o.sort == lister.BySize }
