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
	Unique int64 // bytes that they have alone; less than 0: not known of all
	Images int
	Tags   int // rows
}

// Sum is the total of the rows. An image that several engines have counts once for each; layers that
// images share count for each of them. Its error is [ErrSum].
func (l *List) Sum() (Total, error) {
	if l.Len() == 0 {
		return Total{}, nil
	}
	total := Total{Tags: l.Len()}
	originals := l.originals()
	sizes, uniques := make([]imageSum, l.images.n), make([]imageSum, l.images.n)
	known := true
	for r := range l.inOrder() {
		number := r.image
		original, unique := originals.of(number), l.uniqueSize(number)
		if !sizes[original].met {
			total.Images++
		}
		var err error
		if total.Size, err = sizes[original].addTo(total.Size, l.images.at(number).size); err != nil {
			return Total{}, err
		}
		if total.Unique, err = uniques[original].addTo(total.Unique, unique); err != nil {
			return Total{}, err
		}
		known = known && unique >= 0
	}
	if !known {
		total.Unique = -1
	}
	return total, nil
}

// An imageSum is what of an image's size is in a sum: an engine that names an image twice may do so
// with two sizes, of which the larger counts.
type imageSum struct {
	met  bool
	size int64
}

// addTo adds to a sum what it lacks of the image with this size.
func (s *imageSum) addTo(sum, size int64) (int64, error) {
	s.met = true
	if size <= s.size { // or not known
		return sum, nil
	}
	more := size - s.size
	if sum > math.MaxInt64-more {
		return 0, ErrSum
	}
	s.size = size
	return sum + more, nil
}
