package lister

import (
	"cmp"
	"math/bits"
	"slices"
)

// originals are for the images with the ID and context of one before them the number of the first of
// those: an engine may name an image twice.
type originals map[uint32]uint32

// of is the number of the first image with the ID and context of this one, which is mostly its own.
func (o originals) of(number uint32) uint32 {
	if first, repeated := o[number]; repeated {
		return first
	}
	return number
}

func (s *store) originals() originals {
	candidates := s.likeOthers()
	slices.SortFunc(candidates, func(a, b uint32) int {
		return cmp.Or(s.compareImages(s.images.at(a), s.images.at(b)), cmp.Compare(a, b))
	})
	originals, first := originals{}, uint32(0)
	for i, number := range candidates {
		if i == 0 || s.compareImages(s.images.at(first), s.images.at(number)) != 0 {
			first = number
			continue
		}
		originals[number] = first
	}
	return originals
}

// likeOthers are the numbers of all images that have another's ID, and of some by accident.
func (s *store) likeOthers() (numbers []uint32) {
	places := uint32(8) << bits.Len32(s.images.n) // 8 to 16 an image: one in 10 meets another
	place := func(number uint32) uint32 { return s.ids.sum(s.images.at(number).id) % places }
	met, again := newBitSet(places), newBitSet(places)
	for i := range s.images.n {
		at := place(i)
		if met.has(at) {
			again.add(at)
		}
		met.add(at)
	}
	for i := range s.images.n {
		if again.has(place(i)) {
			numbers = append(numbers, i)
		}
	}
	return numbers
}

// A bitSet is a set of numbers below what it was made for.
type bitSet []uint64

func newBitSet(below uint32) bitSet { return make(bitSet, (uint64(below)+63)/64) }

func (b bitSet) has(n uint32) bool { return b[n/64]&(1<<(n%64)) != 0 }
func (b bitSet) add(n uint32)      { b[n/64] |= 1 << (n % 64) }
