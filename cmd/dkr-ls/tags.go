package main

import (
	"context"
	"math"
	"time"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister"
)

// tagsOptions are the flags of the tags command.
type tagsOptions struct {
	prefixes []string
	minAge   count // days
	minSize  size
	maxTags  count
	sum      bool
}

func (o *tagsOptions) bind(flags *pflag.FlagSet) {
	flags.StringArrayVar(&o.prefixes, "prefix", nil, "list only repositories that start with `text`; may be repeated: any of them")
	flags.Var(&o.minAge, "minAge", "list only images created more than `days` ago, a day being 24 hours")
	flags.Var(&o.minSize, "minSize", "list only images bigger than `size`, such as 100MB, 1.5GB or 512MiB")
	flags.Var(&o.maxTags, "maxTags", "list at most the newest `n` tags of each repository, after the other filters")
	flags.BoolVar(&o.sum, "sum", false, "end with the total size, each image counted once")
}

func (o *tagsOptions) filter() lister.Filter {
	const day = 24 * time.Hour
	const most = math.MaxInt64 / day // no image is as old as these 292 years
	return lister.Filter{
		Prefixes: o.prefixes,
		MinAge:   min(time.Duration(o.minAge), most) * day,
		MinSize:  o.minSize.bytes,
		MaxTags:  int(o.maxTags),
	}
}

func tagsCommand() command {
	return command{
		name:    "tags",
		summary: "list the tags, one a line, with image ID, age and size",
		about: "List the tags of the engine's images, newest image first, then by repository and tag.\n" +
			"An image without a tag is listed too, as <none>. The filters add up: a tag is listed if all\n" +
			"of them let it through. The columns and their order never change.",
		examples: "  dkr-ls tags --prefix nginx --prefix debian --maxTags 1\n" +
			"  dkr-ls tags --minAge 30 --minSize 1GB\n" +
			"  dkr-ls tags --prefix '<none>' --sum\n",
		bind: func(flags *pflag.FlagSet) action {
			var o tagsOptions
			o.bind(flags)
			return o.list
		},
	}
}

func (o *tagsOptions) list(ctx context.Context, s *session, _ []string) error {
	l, err := s.lister()
	if err != nil {
		return err
	}
	tags, err := l.Tags(ctx, o.filter())
	if err != nil {
		return err
	}
	if !o.sum {
		return written(lister.WriteTags(s.stdout, tags, s.now()))
	}
	total, err := lister.Sum(tags)
	if err != nil {
		return err
	}
	return written(lister.WriteTagsAndTotal(s.stdout, tags, s.now(), total))
}
