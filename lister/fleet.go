package lister

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/sync/errgroup"
)

// A Fleet is several engines, each under the name of its context. It asks them at once.
type Fleet map[string]Lister

// atOnce is how many engines are asked at the same time.
const atOnce = 32

// Tags are those of all engines that answer, in the order of [Lister.Tags], each with its context;
// filter applies to each engine's tags apart. The errors are those of the engines that do not
// answer, in the order of their contexts, which they name.
func (f Fleet) Tags(ctx context.Context, filter Filter) (*List, []error) {
	contexts := slices.Sorted(maps.Keys(f))
	lists, errs := make([]*List, len(contexts)), make([]error, len(contexts))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, name := range contexts {
		group.Go(func() error {
			lists[i], errs[i] = f[name].Tags(ctx, filter)
			return nil
		})
	}
	_ = group.Wait() // of functions that do not fail

	all := &List{store: newStore(true)}
	var failed []error
	for i, name := range contexts {
		if errs[i] != nil {
			failed = append(failed, fmt.Errorf("context %s: %w", name, errs[i]))
			continue
		}
		name = escapeCell(name)
		for t := range lists[i].All() {
			t.Context = name
			all.add(t)
		}
		lists[i] = nil // else its memory is held twice
	}
	all.settle()
	return all, failed
}
