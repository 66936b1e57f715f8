package lister

import (
	"errors"
	"math"
)

// ErrSum is what a sum past 2^63-1 bytes fails with.
var ErrSum = errors.New("the sum of the sizes is past 2^63-1 bytes")

// A Total is what a whole listing comes to.
type Total struct {
	Size   int64 // bytes of the images, each counted once however many tags name it
	Images int
	Tags   int // rows
}

// Sum is the total of tags. An image that several engines have counts once for each; layers that
// images share count for each of them. Its error is [ErrSum].
func Sum(tags []Tag) (Total, error) {
	total := Total{Tags: len(tags)}
	type image struct{ context, id string }
	sizes := make(map[image]int64, len(tags))
	for _, t := range tags {
		of, size := image{t.Context, t.ID}, max(t.Size, 0)
		counted, met := sizes[of]
		if met && size <= counted { // an engine that names an image twice may do so with two sizes
			continue
		}
		sizes[of] = size
		var err error
		if total.Size, err = add(total.Size, size-counted); err != nil {
			return Total{}, err
		}
	}
	total.Images = len(sizes)
	return total, nil
}

// add adds a size to a sum.
func add(sum, size int64) (int64, error) {
	if sum > math.MaxInt64-size {
		return 0, ErrSum
	}
	return sum + size, nil
}
