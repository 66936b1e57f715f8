package lister

import (
	"errors"
	"math"
)

// ErrSum is what a sum past 2^63-1 bytes fails with.
var ErrSum = errors.New("the sum of the sizes is past 2^63-1 bytes")

// A Total is what a whole listing adds up to.
type Total struct {
	Size   int64 // bytes of the images, each counted once however many tags name it
	Unique int64 // bytes that no other image has; less than 0: not known of all
	Images int
	Tags   int // rows
}

// An imageKey is an image of one engine.
type imageKey struct{ context, id string }

// Sum returns the total of tags. An image that several engines have counts once for each; layers that
// images share count for each of them. Its error is [ErrSum].
func Sum(tags []*Tag) (Total, error) {
	total := Total{Tags: len(tags)}
	type sizes struct{ size, unique int64 }
	counted := make(map[imageKey]sizes, len(tags))
	known := true
	for _, t := range tags {
		key, unique := imageKey{t.Context, t.ID}, t.UniqueSize()
		before := counted[key]
		counted[key] = sizes{max(before.size, t.Size), max(before.unique, unique)}
		var err error
		if total.Size, err = addMore(total.Size, before.size, t.Size); err != nil {
			return Total{}, err
		}
		if total.Unique, err = addMore(total.Unique, before.unique, unique); err != nil {
			return Total{}, err
		}
		known = known && unique >= 0
	}
	total.Images = len(counted)
	if !known {
		total.Unique = -1
	}
	return total, nil
}

// addMore adds to a sum what a size has more than the size before, which is in the sum already: an
// engine that lists an image twice may give it two sizes, of which the larger counts. A size below 0
// is unknown and adds nothing.
func addMore(sum, before, size int64) (int64, error) {
	more := max(size-before, 0)
	if sum > math.MaxInt64-more {
		return 0, ErrSum
	}
	return sum + more, nil
}
