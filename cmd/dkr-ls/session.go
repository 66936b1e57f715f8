package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// A session is what a command's action works with.
type session struct {
	process
	root    *rootOptions
	log     *slog.Logger
	waiting *waitingLine // may be nil
}

// allContexts is what --context takes for all of them.
const allContexts = "*"

// A someError is several errors, of engines that did not answer, say: a line each.
type someError struct{ errs []error }

func (e *someError) Error() string { return errors.Join(e.errs...).Error() }

// both is err together with lost, the error of the log file.
func both(err, lost error) error {
	var some *someError
	var by *interruption
	switch {
	case err == nil, lost == nil:
		return cmp.Or(err, lost)
	case errors.As(err, &by):
		return err
	case errors.As(err, &some):
		return &someError{append(some.errs[:len(some.errs):len(some.errs)], lost)}
	}
	return &someError{[]error{err, lost}}
}

// tags are those of the engines that the root flags choose, as far as they answer in time. With a
// someError they are those of the other engines, which are to be printed all the same.
func (s *session) tags(ctx context.Context, filter lister.Filter, asks lister.Lister) ([]*lister.Tag, error) {
	ctx, cancel := s.root.bounded(ctx)
	defer cancel()
	defer s.waiting.end()
	chosen := s.root.engines()
	if !s.root.several() {
		s.waiting.begin(1)
		l, err := s.lister(ctx, chosen.options(s.root), asks)
		if err != nil {
			return nil, err
		}
		return l.Tags(ctx, filter)
	}
	contexts, failed := s.chosenContexts(ctx, chosen)
	s.waiting.begin(len(contexts))
	tags, errs := lister.Gather(contexts, func(name string) ([]*lister.Tag, error) {
		defer s.waiting.count()
		l, err := s.lister(ctx, engines{contexts: []string{name}}.options(s.root), asks)
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
		return tags, &someError{failed}
	}
	return tags, nil
}

// chosenContexts are their names, each once, and an error for each that cannot be read.
func (s *session) chosenContexts(ctx context.Context, chosen engines) ([]string, []error) {
	contexts := chosen.contexts
	var failed []error
	if slices.Contains(contexts, allContexts) {
		contexts, failed = s.allContexts(ctx)
	}
	return slices.Compact(slices.Sorted(slices.Values(contexts))), failed
}

// allContexts are the names of all docker contexts, and an error for each that cannot be read.
func (s *session) allContexts(ctx context.Context) (names []string, failed []error) {
	var all []string
	var errs []error
	if late := within(ctx, func() { all, errs = s.contexts(s.root.docker.folder) }); late != nil {
		return nil, []error{fmt.Errorf("finding docker's contexts: %w; try: a longer --timeout", late)}
	}
	return all, errs
}

// lister is asks of the engine that options choose.
func (s *session) lister(ctx context.Context, options endpoint.Options, asks lister.Lister) (lister.Lister, error) {
	var client lister.Engine
	var err error
	late := within(ctx, func() { client, err = s.connect(options, s.log) })
	switch {
	case late != nil && options.Context != "":
		return asks, fmt.Errorf("finding the engine of context %s: %w; try: a longer --timeout", options.Context, late)
	case late != nil:
		return asks, fmt.Errorf("finding the engine: %w; try: a longer --timeout", late)
	case err != nil:
		return asks, err
	}
	s.waiting.named(client)
	asks.Engine, asks.Now, asks.Log = client, s.now, s.log
	return asks, nil
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

// isPartial reports whether err leaves rows to print: those of other engines.
func isPartial(tags []*lister.Tag, err error) bool {
	var some *someError
	return errors.As(err, &some) && len(tags) > 0
}
