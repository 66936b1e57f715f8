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
	var err error
	sizes, uniques := map[imageKey]int64{}, map[imageKey]int64{}
	known := true
	for _, t := range tags {
		key, unique := imageKey{t.Context, t.ID}, t.UniqueSize()
		if total.Size, err = addLargest(total.Size, sizes, key, t.Size); err != nil {
			return Total{}, err
		}
		if total.Unique, err = addLargest(total.Unique, uniques, key, unique); err != nil {
			return Total{}, err
		}
		known = known && unique >= 0
	}
	total.Images = len(sizes)
	if !known {
		total.Unique = -1
	}
	return total, nil
}

// addLargest adds to a sum what it lacks of an image with this size: an engine that lists an image
// twice may give it two sizes, of which the larger counts. A size below 0 is unknown and adds nothing.
func addLargest[Key comparable](sum int64, counted map[Key]int64, image Key, size int64) (int64, error) {
	before := counted[image]
	counted[image] = max(before, size)
	more := max(size-before, 0)
	if sum > math.MaxInt64-more {
		return 0, ErrSum
	}
	return sum + more, nil
}
