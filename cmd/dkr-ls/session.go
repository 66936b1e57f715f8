package main

import (
	"cmp"
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

// tags are those of the engines that the root flags choose. With a someError they are those of the
// other engines, which are to be printed all the same.
func (s *session) tags(ctx context.Context, filter lister.Filter, asks lister.Lister) ([]*lister.Tag, error) {
	chosen := s.root.engines()
	if !s.root.several() {
		l, err := s.lister(chosen.options(s.root), asks)
		if err != nil {
			return nil, err
		}
		return l.Tags(ctx, filter)
	}
	contexts := chosen.contexts
	var failed []error
	if slices.Contains(contexts, allContexts) {
		contexts, failed = s.contexts(s.root.docker.folder)
	}
	fleet := lister.Fleet{}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(contexts))) {
		l, err := s.lister(engines{contexts: []string{name}}.options(s.root), asks)
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

// lister is asks of the engine that options choose.
func (s *session) lister(options engine.Options, asks lister.Lister) (lister.Lister, error) {
	client, err := s.connect(options, s.log)
	if err != nil {
		return lister.Lister{}, err
	}
	asks.Engine, asks.Now, asks.Log = s.waiting.watch(client), s.now, s.log
	return asks, nil
}

// isPartial reports whether err leaves rows to print: those of other engines.
func isPartial(tags []*lister.Tag, err error) bool {
	var some *someError
	return errors.As(err, &some) && len(tags) > 0
}
