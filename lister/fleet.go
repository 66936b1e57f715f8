package lister

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"
)

// A Fleet is several engines by the names of their contexts. It asks them at the same time.
type Fleet map[string]Lister

// atOnce is how many engines are asked at the same time.
const atOnce = 32

// Tags returns those of all engines that answer, in the order of [Lister.Tags], each with its context;
// filter applies to each engine's tags by themselves. The errors are those of the engines that do not
// answer, in the order of their contexts, which they name.
func (f Fleet) Tags(ctx context.Context, filter Filter) ([]*Tag, []error) {
	contexts := slices.Sorted(maps.Keys(f))
	lists, errs := make([][]*Tag, len(contexts)), make([]error, len(contexts))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, name := range contexts {
		group.Go(func() error {
			lists[i], errs[i] = f[name].Tags(ctx, filter)
			return nil
		})
	}
	_ = group.Wait() // of functions that do not fail

	var all []*Tag
	var failed []error
	for i, name := range contexts {
		if errs[i] != nil {
			failed = append(failed, fmt.Errorf("context %s: %w", name, errs[i]))
			continue
		}
		for _, t := range lists[i] {
			t.Context = escapeCell(name)
		}
		all = append(all, lists[i]...)
	}
	return inOrder(all), failed
}
