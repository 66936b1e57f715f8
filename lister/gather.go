package lister

import "sync"

// Gather lists several contexts at once, each by its name: a context that takes long delays no other.
// Its rows are those of the contexts that do not fail, in the order of [Lister.Tags] and each with its
// context. The errors are those of the others, in the order of contexts.
func Gather(contexts []string, list func(context string) ([]*Row, error)) ([]*Row, []error) {
	lists, errs := make([][]*Row, len(contexts)), make([]error, len(contexts))
	var all sync.WaitGroup
	for i, name := range contexts {
		all.Go(func() { lists[i], errs[i] = list(name) })
	}
	all.Wait()

	var gathered []*Row
	var failed []error
	for i, name := range contexts {
		if errs[i] != nil {
			failed = append(failed, errs[i])
			continue
		}
		for _, row := range lists[i] {
			row.Context = escapeCell(name)
		}
		gathered = append(gathered, lists[i]...)
	}
	return inOrder(gathered), failed
}
