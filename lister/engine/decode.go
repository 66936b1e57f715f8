package engine

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/dkr-ls/dkr-ls/lister"
)

// decodeImages reads the JSON array of an engine's /images/json off r, one image at a time,
// and only the fields that rows need. Whatever is not exactly such an array is an error.
func decodeImages(r io.Reader, most limits) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		d := decoder{in: input{capped: capped{most: most, r: r}}}
		if err := d.array(yield); err != nil && !errors.Is(err, errStopped) {
			yield(lister.Image{}, broken(err))
		}
	}
}

var errStopped = errors.New("the caller has enough")

type decoder struct {
	in     input
	count  int // images
	tally  tally
	values [fields]span // of the image, in the input
	exact  [fields]bool // those that it has by their exact names
	image  lister.Image

	texts         strings.Builder // of this image and of some before, one after another
	unquoted      []byte
	id            span
	tags, digests []span
}

// A span is from where to where something is.
type span struct{ from, to int }

func (d *decoder) array(yield func(lister.Image, error) bool) error {
	switch c, err := d.in.peek(); {
	case err != nil:
		return err
	case c != '[':
		return d.in.wrong(c, "it", "a list")
	}
	d.in.at++
	c, err := d.in.peek()
	if err != nil {
		return err
	}
	for c != ']' {
		if err := d.object(); err != nil {
			return err
		}
		if !yield(d.image, nil) {
			return errStopped
		}
		if c, err = d.in.peek(); err != nil {
			return err
		}
		switch c {
		case ',':
			d.in.at++
		case ']':
		default:
			return d.in.notJSON(d.in.at)
		}
	}
	d.in.at++
	switch _, err := d.in.peek(); {
	case err == nil:
		return errors.New("there is more after the list")
	case !errors.Is(err, io.EOF):
		return err
	}
	return nil
}

// object reads one image into d.image. Its texts are parts of one that images share, to save allocations.
func (d *decoder) object() error {
	d.count++
	switch c, err := d.in.peek(); {
	case err != nil:
		return err
	case c != '{':
		return d.in.wrong(c, fmt.Sprintf("image %d", d.count), "an object")
	}
	end := d.scan()
	for end == short {
		if err := d.in.more(); err != nil {
			return err
		}
		end = d.scan()
	}
	if end < 0 {
		return d.in.notJSON(^end)
	}
	if err := d.read(); err != nil {
		return err
	}
	d.in.at, d.in.sinceImage = end, 0
	tags, digests := int64(len(d.tags)), int64(len(d.digests))
	d.tally.names += 1 + tags + digests
	d.tally.pairs += tags * digests
	return d.in.check(d.tally)
}

// scan finds the values of an image, and returns where it ends, as [scanValue] does.
func (d *decoder) scan() int {
	d.values, d.exact = [fields]span{}, [fields]bool{}
	return scanNested(d.in.bytes, d.in.at, 1, func(name, value span) {
		if of := d.field(d.in.bytes[name.from+1 : name.to-1]); of != fields {
			d.values[of] = value
		}
	})
}
