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

// Waking a goroutine takes as long as decoding dozens of images. So there are so many batches, and each is
// handed over so seldom, that neither goroutine often waits for the other.
const (
	batches     = 4
	batchImages = 256
	batchNames  = 2048
)

func (b *batch) full() bool { return len(b.images) >= batchImages || len(b.names) >= batchNames }

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
		filled, spent, done := make(chan *batch, batches-2), make(chan *batch, batches), make(chan struct{})
		defer close(done)
		for range batches {
			spent <- &batch{}
		}
		go fill(images, filled, spent, done)
		for b := range filled {
			if !b.yield(yield) {
				return
			}
			b.images, b.names = b.images[:0], b.names[:0]
			spent <- b
		}
	}
}

// fill sends images in batches until they end or done is closed.
func fill(images iter.Seq2[lister.Image, error], filled chan<- *batch, spent <-chan *batch, done <-chan struct{}) {
	defer close(filled)
	b := <-spent
	send := func() bool {
		select {
		case filled <- b:
		case <-done:
			return false
		}
		b = <-spent // there is one: filled has room for all but this and the caller's
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
