package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// tags returns those of the engines that the root flags choose, as far as they answer in time. Where
// there are both tags and an error, it is the failures of the other engines.
func (c *call) tags(ctx context.Context, filter lister.Filter, asks lister.Lister) ([]*lister.Tag, error) {
	ctx, cancel := c.root.bounded(ctx)
	defer cancel()
	defer c.waiting.end()
	if c.root.several() {
		return c.tagsOfContexts(ctx, filter, asks)
	}
	c.waiting.begin("waiting for the engine")
	l, err := c.lister(ctx, c.root.engines().options(&c.root), asks)
	if err != nil {
		return nil, err
	}
	if named, ok := l.Engine.(interface{ Name() string }); ok {
		c.waiting.begin("waiting for the engine at " + named.Name())
	}
	return l.Tags(ctx, filter)
}

func (c *call) tagsOfContexts(ctx context.Context, filter lister.Filter, asks lister.Lister) ([]*lister.Tag, error) {
	names, failed := c.root.engines().contexts, failures(nil)
	if slices.Contains(names, allContexts) {
		names, failed = c.allContexts(ctx)
	}
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	c.waiting.begin("waiting for the contexts " + strings.Join(names, ", "))
	tags, errs := lister.Gather(names, func(name string) ([]*lister.Tag, error) {
		l, err := c.lister(ctx, engines{contexts: []string{name}}.options(&c.root), asks)
		if err != nil {
			return nil, err
		}
		tags, err := l.Tags(ctx, filter)
		if err != nil {
			return nil, fmt.Errorf("context %s: %w", name, err)
		}
		return tags, nil
	})
	failed = append(failed, errs...)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, ctx.Err()
	case len(failed) > 0:
		return tags, failed
	}
	return tags, nil
}

// allContexts returns the names of all docker contexts, and an error for each that cannot be read.
func (c *call) allContexts(ctx context.Context) (names []string, failed failures) {
	var all []string
	var errs []error
	if late := within(ctx, func() { all, errs = c.contexts(c.root.docker.folder) }); late != nil {
		return nil, failures{fmt.Errorf("finding docker's contexts: %w; try: a longer --timeout", late)}
	}
	return all, errs
}

// lister returns asks of the engine that options choose.
func (c *call) lister(ctx context.Context, options endpoint.Options, asks lister.Lister) (lister.Lister, error) {
	var client lister.Engine
	var err error
	if late := within(ctx, func() { client, err = c.connect(options, c.log) }); late != nil {
		what := "the engine"
		if options.Context != "" {
			what += " of context " + options.Context
		}
		return asks, fmt.Errorf("finding %s: %w; try: a longer --timeout", what, late)
	}
	asks.Engine, asks.Now, asks.Log = client, c.now, c.log
	return asks, err
}

// within carries out work that reads files. Where ctx ends first, which no file heeds, it leaves the work
// behind, and returns why.
func within(ctx context.Context, work func()) (late error) {
	done := make(chan struct{})
	go func() { defer close(done); work() }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
