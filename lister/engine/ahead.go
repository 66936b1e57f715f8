package engine

import (
	"iter"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A batch is images on their way from the goroutine that decodes them.
type batch struct {
	images []lister.Image
	err    error // what ended the images
}

// ahead yields images that another goroutine goes on to decode while the caller works. That goroutine
// ends soon after the caller wants no more.
func ahead(images iter.Seq2[lister.Image, error]) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		batches, done := make(chan batch, 2), make(chan struct{})
		defer close(done)
		go decodeBatches(images, batches, done)
		for b := range batches {
			for _, image := range b.images {
				if !yield(image, nil) {
					return
				}
			}
			if b.err != nil {
				yield(lister.Image{}, b.err)
				return
			}
		}
	}
}

// decodeBatches sends images in batches until they end or done is closed.
func decodeBatches(images iter.Seq2[lister.Image, error], batches chan<- batch, done <-chan struct{}) {
	const size = 256 // waking a goroutine takes as long as decoding dozens of images
	defer close(batches)
	var b batch
	send := func() bool {
		select {
		case batches <- b:
			b = batch{images: make([]lister.Image, 0, size)}
			return true
		case <-done:
			return false
		}
	}
	for image, err := range images {
		if b.err = err; err != nil {
			break
		}
		if b.images = append(b.images, image); len(b.images) == size && !send() {
			return
		}
	}
	send()
}
