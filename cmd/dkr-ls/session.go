package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// A session is what a command's action works with.
type session struct {
	process
	root *rootOptions
	log  *slog.Logger
}

// allContexts is what --context takes for all of them.
const allContexts = "*"

// A someError is of those engines, out of several, that did not answer.
type someError struct{ errs []error }

func (e *someError) Error() string { return errors.Join(e.errs...).Error() }

// tags are those of the engines that the root flags choose. With a someError they are those of the
// other engines, which are to be printed all the same.
func (s *session) tags(ctx context.Context, filter lister.Filter, digests bool) ([]lister.Tag, error) {
	if !s.root.several() {
		options := engine.Options{Host: s.root.host}
		if len(s.root.contexts) > 0 {
			options.Context = s.root.contexts[0]
		}
		l, err := s.lister(options, digests)
		if err != nil {
			return nil, err
		}
		return l.Tags(ctx, filter)
	}
	contexts := s.root.contexts
	var failed []error
	if slices.Contains(contexts, allContexts) {
		contexts, failed = s.contexts()
	}
	fleet := lister.Fleet{}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(contexts))) {
		l, err := s.lister(engine.Options{Context: name}, digests)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		fleet[name] = l
	}
	tags, errs := fleet.Tags(ctx, filter)
	failed = append(failed, errs...)
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, ctx.Err()
	case len(failed) > 0:
		return tags, &someError{failed}
	}
	return tags, nil
}

// lister connects to the engine that options choose.
func (s *session) lister(options engine.Options, digests bool) (lister.Lister, error) {
	client, err := s.connect(options, s.log)
	return lister.Lister{Engine: client, Now: s.now, Log: s.log, Digests: digests}, err
}

// isPartial tells that err leaves rows to print: those of other engines.
func isPartial(tags []lister.Tag, err error) bool {
	var some *someError
	return errors.As(err, &some) && len(tags) > 0
}
