package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// tags returns the tags of the engines that the root flags choose and that answer in time. If it returns
// both tags and an error, the other engines have failed.
func (c *call) tags(ctx context.Context, filter lister.Filter, asks lister.Lister) ([]*lister.Row, error) {
	ctx, cancel := c.root.bounded(ctx)
	defer cancel()
	defer c.waiting.end()
	if c.root.several() {
		return c.tagsOfContexts(ctx, filter, asks)
	}
	l, err := c.lister(ctx, c.root.endpoint(), asks)
	if err != nil {
		return nil, err
	}
	if named, ok := l.Engine.(interface{ Name() string }); ok {
		c.waiting.begin("waiting for the engine at " + named.Name())
	}
	return l.Tags(ctx, filter)
}

func (c *call) tagsOfContexts(ctx context.Context, filter lister.Filter, asks lister.Lister) ([]*lister.Row, error) {
	names, failed := c.root.contexts, failures(nil)
	if slices.Contains(names, allContexts) {
		names, failed = c.allContexts(ctx)
	}
	names = slices.Compact(slices.Sorted(slices.Values(names)))
	c.waiting.begin("waiting for the contexts " + strings.Join(names, ", "))
	tags, errs := lister.Gather(names, func(name string) ([]*lister.Row, error) {
		options := c.root.docker
		options.Context = name
		l, err := c.lister(ctx, options, asks)
		if err != nil {
			return nil, err
		}
		tags, err := l.Tags(ctx, filter)
		if err != nil {
			return nil, fmt.Errorf("context %s: %w", name, err)
		}
		return tags, nil
	})
	if failed = append(failed, errs...); len(failed) > 0 {
		return tags, failed
	}
	return tags, nil
}

// allContexts returns the names of all docker contexts, and an error for each that cannot be read.
func (c *call) allContexts(ctx context.Context) (names []string, failed failures) {
	var all []string
	var errs []error
	if err := finding(ctx, "docker's contexts", func() { all, errs = c.contexts(c.root.docker.Folder) }); err != nil {
		return nil, failures{err}
	}
	return all, errs
}

// lister returns asks with the engine that options choose.
func (c *call) lister(ctx context.Context, options endpoint.Options, asks lister.Lister) (lister.Lister, error) {
	what := "the engine"
	if options.Context != "" {
		what += " of context " + options.Context
	}
	var engine lister.Engine
	var err error
	if late := finding(ctx, what, func() { engine, err = c.connect(options, c.log) }); late != nil {
		return asks, late
	}
	asks.Engine, asks.Log = engine, c.log
	return asks, err
}

// finding runs work, which reads files to find something. Reading a file cannot be cancelled, so finding
// leaves the work behind and fails when ctx ends first.
func finding(ctx context.Context, what string, work func()) error {
	done := make(chan struct{})
	go func() { defer close(done); work() }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("finding %s: %w; try: a longer --timeout", what, context.Cause(ctx))
	}
}
