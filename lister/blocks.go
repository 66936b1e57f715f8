package lister

import (
	"runtime"
	"sync"
)

// inBlocks calls do for blocks of n rows, several at the same time, and done with what it makes of each, in
// order, until an error. What do is given is something to use again that it made of a block before, or nothing.
func inBlocks[T any](n int, do func(again T, from, to int) T, done func(T) error) error {
	const block, most = 1 << 9, 4 // rows enough for it to be worth waking a goroutine, and goroutines
	made := make([]T, min(most, runtime.GOMAXPROCS(0)))
	for next := 0; next < n; {
		var all sync.WaitGroup
		started := 0
		for ; started < len(made) && next < n; started++ {
			worker, from, to := started, next, min(next+block, n)
			all.Go(func() { made[worker] = do(made[worker], from, to) })
			next = to
		}
		all.Wait()
		for _, m := range made[:started] {
			if err := done(m); err != nil {
				return err
			}
		}
	}
	return nil
}
