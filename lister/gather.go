package lister

import "sync"

// Gather lists several contexts at once, each by its name: a context that takes long delays no other.
// Its List has the rows of those that do not fail, in the order of [Lister.Tags] and each with its
// context. The errors are those of the others, in the order of contexts.
func Gather(contexts []string, list func(context string) (*List, error)) (*List, []error) {
	lists, errs := make([]*List, len(contexts)), make([]error, len(contexts))
	var all sync.WaitGroup
	for i, name := range contexts {
		all.Go(func() { lists[i], errs[i] = list(name) })
	}
	all.Wait()

	gathered := &List{store: newStore(true)}
	var failed []error
	for i, name := range contexts {
		if errs[i] != nil {
			failed = append(failed, errs[i])
			continue
		}
		name = escapeCell(name)
		for t := range lists[i].All() {
			t.Context = name
			gathered.add(t)
		}
		lists[i] = nil // else its memory is held twice
	}
	gathered.settle()
	return gathered, failed
}
