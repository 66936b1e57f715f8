package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/format"
)

// tagsOptions are the flags of the tags command.
type tagsOptions struct {
	filter lister.Filter
	table  lister.Table
	sort   lister.Key
	format format.Format
	quiet  bool
	sum    bool
	minAge string // which ParseTime reads, like maxAge
	maxAge string
}

func (o *tagsOptions) bind(flags *pflag.FlagSet) {
	flags.Func("prefix", "list only repositories that start with `text`; may be repeated, to match any of them", prefix(&o.filter.Prefixes))
	flags.Func("exclude", "leave out what `pattern` matches, such as 'base/*' or '*:latest'; may be repeated", exclude(&o.filter.Excludes))
	flags.BoolVar(&o.filter.Unused, "unused", false, "list only images that no container uses, running or stopped")
	flags.Func("label", "list only images with this `label`, KEY or KEY=VALUE; may be repeated, to want all of them", label(&o.filter.Labels))
	flags.Func("minAge", "list only images older than `age`: 20 (days of 24 hours), 36h, 2w, or a date such as 2026-01-31", age(&o.minAge))
	flags.Func("maxAge", "list only images younger than `age`, or built after a date", age(&o.maxAge))
	flags.Func("minSize", "list only images bigger than `size`, such as 100MB, 1.5GB or 512MiB", size(&o.filter.MinSize))
	flags.Func("maxTags", "list at most the newest `n` tags of each repository, after the other filters", count(&o.filter.MaxTags))
	flags.Func("keep", "leave out the newest `n` tags of each repository, and undated ones: the rest may be deleted", count(&o.filter.Keep))
	flags.BoolVar(&o.sum, "sum", false, "end with the total size, each image counted once")
	flags.BoolVar(&o.table.Unique, "unique", false, "add a column with the bytes that no other image has, as the engine counts them")
	sortFlag(flags, &o.sort, "sort by `key`: created (newest first), size or unique size (largest first), repository or tag",
		"created", "size", "repository", "tag", "unique")
	formatFlag(flags, &o.format, format.ParseTags)
	flags.BoolVarP(&o.quiet, "quiet", "q", false, "print image IDs alone, each once")
	flags.BoolVar(&o.table.Digests, "digests", false, "add a column with the digests")
	flags.BoolVar(&o.table.NoTrunc, "no-trunc", false, "print image IDs in full")
}

// check reads the patterns, and refuses flags that contradict each other.
func (o *tagsOptions) check(c *call) (err error) {
	if o.filter.Patterns, err = patterns(c.flags.Args()); err != nil {
		return err
	}
	switch {
	case o.quiet && (o.sum || o.table.Digests || o.table.Unique || c.flags.Changed("format")):
		return errors.New("--quiet prints image IDs alone: it cannot be used with --sum, --digests, --unique or --format")
	case o.quiet && c.root.several():
		return errors.New("--quiet does not show which engine has an image: choose one --context, or a --format with {{.Context}}")
	case c.root.several() && o.format.NamesImages() != "":
		return fmt.Errorf("a --format of %s does not show which engine has an image: choose one --context, or add {{.Context}}", o.format.NamesImages())
	case o.sum && o.format.IsTemplate():
		return errors.New("--sum cannot be used with a template: use --format table or json")
	case o.sort == lister.ByUnique && !o.fields().Has(lister.SharedSize):
		return errors.New("--sort unique needs --unique, or a --format with {{.UniqueSize}}")
	}
	return nil
}

// fields returns what a listing needs to know of images, beyond what engines report anyway.
func (o *tagsOptions) fields() lister.Fields {
	fields := o.format.Fields()
	if o.table.Digests {
		fields |= lister.Digests
	}
	if o.table.Unique {
		fields |= lister.SharedSize
	}
	return fields
}

func tagsCommand() command {
	var o tagsOptions
	return command{
		name:    "tags",
		args:    "[PATTERN...]",
		maxArgs: math.MaxInt,
		choices: references,
		summary: "list the tags, one per line, with image ID, age and size",
		about: "List the tags of the engine's images, newest image first, then by repository and tag. An image without " +
			"a tag is listed too, as <none>. A tag is listed only if it passes all filters.\n" +
			"A PATTERN is REPOSITORY or REPOSITORY:TAG. In both, * matches any text, a / included, and ? matches one " +
			"character. A tag is listed if any of several patterns matches it.\n" +
			"The columns and their order never change. For a narrow terminal, choose other columns with --format, or pipe " +
			"the table into less -S.\n" +
			"docker rmi deletes on the engine that docker itself is set to: what is listed with --context NAME or -H " +
			"ADDRESS, delete with docker --context NAME rmi or docker -H ADDRESS rmi.\n" +
			templateAbout(lister.TagColumns()),
		examples: "  dkr-ls tags nginx 'team/*:1.*'\n" +
			"  dkr-ls tags --prefix nginx --prefix debian --maxTags 1\n" +
			"  dkr-ls tags --minAge 30 --minSize 1GB --sort size\n" +
			"  dkr-ls tags '<none>' --sum\n" +
			"  dkr-ls tags --unused --unique --sort unique --sum\n" +
			"  dkr-ls tags --format json | jq -r 'select(.size > 1e9) | .repository'\n" +
			"  dkr-ls tags --format '{{.Repository}}:{{.Tag}}'\n" +
			"  dkr-ls tags --format \\\n" +
			"    'table {{.Repository}}\\t{{.Tag}}\\t{{.ID}}\\t{{.CreatedSince}}\\t{{.Size}}'\n" +
			"  dkr-ls tags --keep 5 --unused --exclude 'base/*' --format '{{.Reference}}' |\n" +
			"    xargs -r docker rmi --\n",
		bind:  o.bind,
		check: o.check,
		do:    o.list,
	}
}

func (o *tagsOptions) list(ctx context.Context, c *call) error {
	o.filter.KeepImages = o.quiet // deleting these IDs must not delete a tag to keep
	o.filter.CreatedBefore, _ = lister.ParseTime(cmp.Or(o.minAge, "0"), c.now())
	o.filter.CreatedAfter, _ = lister.ParseTime(cmp.Or(o.maxAge, "0"), c.now())
	tags, err := c.tags(ctx, o.filter, lister.Lister{Fields: o.fields()})
	if err != nil && len(tags) == 0 {
		return err
	}
	if o.sort != lister.ByCreated { // the order that they come in
		lister.Sort(tags, o.sort)
	}
	return cmp.Or(o.print(c, tags), err)
}

func (o *tagsOptions) print(c *call, tags []*lister.Row) error {
	o.table.Now, o.table.Contexts = c.now(), c.root.several()
	if o.quiet {
		return o.table.WriteIDs(c.stdout, tags)
	}
	if o.sum {
		total, err := lister.Sum(tags)
		if err != nil {
			return fmt.Errorf("%w; try: the table without --sum", err)
		}
		o.table.Total = &total
	}
	return o.format.Write(c.stdout, tags, o.table)
}
