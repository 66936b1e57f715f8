package engine

import (
	"iter"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A batch is images on their way from the goroutine that decodes them.
type batch struct {
	images []lister.Image
	names  []string // the slices of the images are parts of it
	err    error    // what ended the images; nil: nothing did
}

// full reports whether it is time to hand a batch over: seldom enough for it to cost little, and soon enough
// for little to be on its way.
func (b *batch) full() bool { return len(b.images) >= 128 || len(b.names) >= 1024 }

// add adds an image whose slices belong to somebody else.
func (b *batch) add(image lister.Image) {
	tags := len(b.names)
	b.names = append(b.names, image.RepoTags...)
	digests := len(b.names)
	b.names = append(b.names, image.RepoDigests...)
	image.RepoTags, image.RepoDigests = b.names[tags:digests:digests], b.names[digests:len(b.names):len(b.names)]
	b.images = append(b.images, image)
}

// ahead are images that another goroutine goes on to make while the caller works. It ends soon after
// the caller does not want any more.
func ahead(images iter.Seq2[lister.Image, error]) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		// There are two batches: the caller has the one while the other is filled.
		batches, spent, done := make(chan *batch), make(chan *batch, 2), make(chan struct{})
		defer close(done)
		spent <- &batch{}
		spent <- &batch{}
		go fill(images, batches, spent, done)
		for b := range batches {
			if !b.yield(yield) {
				return
			}
			b.images, b.names = b.images[:0], b.names[:0]
			spent <- b
		}
	}
}

// fill sends images in batches until they end or done is closed.
func fill(images iter.Seq2[lister.Image, error], batches chan<- *batch, spent <-chan *batch, done <-chan struct{}) {
	defer close(batches)
	b := <-spent
	send := func() bool {
		select {
		case batches <- b:
		case <-done:
			return false
		}
		b = <-spent
		return true
	}
	for image, err := range images {
		if err != nil { // to be told before the images end, which may take until the caller has
			b.err = err
			send()
			return
		}
		if b.add(image); b.full() && !send() {
			return
		}
	}
	send()
}

// yield yields what is in the batch, and reports whether more is wanted.
func (b *batch) yield(yield func(lister.Image, error) bool) bool {
	for _, image := range b.images {
		if !yield(image, nil) {
			return false
		}
	}
	if b.err != nil {
		yield(lister.Image{}, b.err)
		return false
	}
	return true
}
