package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/format"
)

// tagsOptions are the flags of the tags command.
type tagsOptions struct {
	prefixes prefixes
	excludes prefixes
	unused   bool
	minAge   count // days
	minSize  size
	maxTags  count
	keep     count
	sum      bool
	sort     sortKey
	format   formatValue[lister.Tag]
	quiet    bool
	digests  bool
	unique   bool
	noTrunc  bool
}

func (o *tagsOptions) bind(flags *pflag.FlagSet) {
	o.prefixes.flag, o.excludes.flag = prefixFlag, excludeFlag
	flags.Var(&o.prefixes, "prefix", "list only repositories that start with `text`; may be repeated, to match any of them")
	flags.Var(&o.excludes, "exclude", "leave out repositories that start with `text`, whatever --prefix says; may be repeated")
	flags.BoolVar(&o.unused, "unused", false, "list only images that no container uses, running or stopped")
	flags.Var(&o.minAge, "minAge", "list only images created more than `days` ago, a day being 24 hours")
	flags.Var(&o.minSize, "minSize", "list only images bigger than `size`, such as 100MB, 1.5GB or 512MiB")
	flags.Var(&o.maxTags, "maxTags", "list at most the newest `n` tags of each repository, after the other filters")
	flags.Var(&o.keep, "keep", "leave out the newest `n` tags of each repository, and undated ones: the rest may be deleted")
	flags.BoolVar(&o.sum, "sum", false, "end with the total size, each image counted once")
	flags.BoolVar(&o.unique, "unique", false, "add a column with the bytes that no other image has, as the engine counts them")
	o.sort.keys = []string{"created", "size", "repository", "tag", "unique"}
	flags.Var(&o.sort, "sort", "sort by `key`: created (newest first), size or unique size (largest first), repository or tag")
	o.format.parse = format.ParseTags
	flags.Var(&o.format, "format", formatUsage)
	flags.BoolVarP(&o.quiet, "quiet", "q", false, "print image IDs alone, each once")
	flags.BoolVar(&o.digests, "digests", false, "add a column with the digests")
	flags.BoolVar(&o.noTrunc, "no-trunc", false, "print image IDs in full")
}

// check refuses flags that contradict each other.
func (o *tagsOptions) check(root *rootOptions) error {
	switch {
	case o.quiet && (o.sum || o.digests || o.unique || o.format.text != ""):
		return errors.New("--quiet prints image IDs alone: it cannot be used with --sum, --digests, --unique or --format")
	case o.quiet && root.several():
		return errors.New("--quiet does not show which engine has an image: choose one --context, or a --format with {{.Context}}")
	case root.several() && o.format.NamesImages() != "":
		return fmt.Errorf("a --format of %s does not show which engine has an image: choose one --context, or add {{.Context}}", o.format.NamesImages())
	case o.sum && o.format.IsTemplate():
		return errors.New("--sum cannot be used with a template: use --format table or json")
	case o.sort.Key == lister.ByUnique && !o.asks().Fields.Has(lister.SharedSize):
		return errors.New("--sort unique needs --unique, or a --format with {{.UniqueSize}}")
	}
	return nil
}

func (o *tagsOptions) filter() lister.Filter {
	const day = 24 * time.Hour
	const most = math.MaxInt64 / day // no image is as old as these 292 years
	return lister.Filter{
		Prefixes:   o.prefixes.texts,
		Excludes:   o.excludes.texts,
		Unused:     o.unused,
		MinAge:     min(time.Duration(o.minAge), most) * day,
		MinSize:    o.minSize.bytes,
		MaxTags:    int(o.maxTags),
		Keep:       int(o.keep),
		KeepImages: o.quiet, // deleting these IDs must not delete a tag to keep
	}
}

// asks is what a listing needs to know of images, beyond what engines tell anyway.
func (o *tagsOptions) asks() lister.Lister {
	fields := o.format.Fields()
	if o.digests {
		fields |= lister.Digests
	}
	if o.unique {
		fields |= lister.SharedSize
	}
	return lister.Lister{Fields: fields}
}

func tagsCommand() command {
	return command{
		name:    "tags",
		summary: "list the tags, one per line, with image ID, age and size",
		about: "List the tags of the engine's images, newest image first, then by repository and tag.\n" +
			"An image without a tag is listed too, as <none>. A tag is listed only if it passes\n" +
			"all filters. The columns and their order never change.\n" +
			"docker rmi deletes on the engine that docker itself is set to: what is listed with\n" +
			"--context NAME or -H ADDRESS, delete with docker --context NAME rmi or docker -H ADDRESS rmi.\n" +
			templateAbout(lister.TagColumns()),
		examples: "  dkr-ls tags --prefix nginx --prefix debian --maxTags 1\n" +
			"  dkr-ls tags --minAge 30 --minSize 1GB --sort size\n" +
			"  dkr-ls tags --prefix '<none>' --sum\n" +
			"  dkr-ls tags --unused --unique --sort unique --sum\n" +
			"  dkr-ls tags --format json | jq -r 'select(.size > 1e9) | .repository'\n" +
			"  dkr-ls tags --format '{{.Repository}}:{{.Tag}}'\n" +
			"  dkr-ls tags --keep 5 --unused --exclude base/ --format '{{.Reference}}' | xargs -r docker rmi --\n",
		bind: func(flags *pflag.FlagSet) (action, check) {
			var o tagsOptions
			o.bind(flags)
			return o.list, o.check
		},
	}
}

func (o *tagsOptions) list(ctx context.Context, s *session, _ []string) error {
	tags, err := s.tags(ctx, o.filter(), o.asks())
	if err != nil && !isPartial(tags, err) {
		return err
	}
	if by := o.sort.Key; by != lister.ByCreated { // the order that they come in
		lister.Sort(tags, by)
	}
	return cmp.Or(o.print(s, tags), err)
}

func (o *tagsOptions) print(s *session, tags []*lister.Tag) error {
	table := lister.Table{Now: s.now(), Contexts: s.root.several(), Digests: o.digests, NoTrunc: o.noTrunc, Unique: o.unique}
	if o.quiet {
		return written(table.WriteIDs(s.stdout, tags))
	}
	if o.sum {
		total, err := lister.Sum(tags)
		if err != nil {
			return fmt.Errorf("%w; try: the table without --sum", err)
		}
		table.Total = &total
	}
	return written(o.format.Write(s.stdout, tags, table))
}
