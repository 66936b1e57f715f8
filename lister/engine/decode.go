package engine

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

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

	texts         []byte // of the image, one after another
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

// object reads one image into d.image. Its texts are parts of a single one.
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
	b := d.in.bytes
	c, i := next(b, d.in.at+1)
	if c == '}' {
		return i + 1
	}
	for {
		end, value := scanName(b, i)
		if value < 0 {
			return value
		}
		of := d.field(b[i+1 : end-1])
		if i = scanValue(b, value, 2); i < 0 {
			return i
		}
		if of != fields {
			d.values[of] = span{value, i}
		}
		switch c, i = next(b, i); c {
		case ',':
			_, i = next(b, i+1)
		case '}':
			return i + 1
		default:
			return fail(b, i)
		}
	}
}

// A field is one of those that rows need.
type field int

const (
	id field = iota
	repoTags
	repoDigests
	created
	size
	containers
	sharedSize
	fields // how many there are
)

func (f field) String() string {
	return [...]string{"Id", "RepoTags", "RepoDigests", "Created", "Size", "Containers", "SharedSize"}[f]
}

// field is the one with this name, or fields where none is. As docker's client does, it takes names in
// any case; one in the usual case wins, wherever it stands.
func (d *decoder) field(name []byte) field {
	for f := range fields {
		if string(name) == f.String() {
			d.exact[f] = true
			return f
		}
	}
	for f := range fields {
		if len(name) == len(f.String()) && !d.exact[f] && strings.EqualFold(string(name), f.String()) {
			return f
		}
	}
	return fields
}

// read reads the values of an image.
func (d *decoder) read() (err error) {
	d.texts = d.texts[:0]
	if v := d.value(id); v == nil {
		return fmt.Errorf("image %d has no Id", d.count)
	} else if d.id, err = d.text(id, v); err != nil {
		return err
	}
	if d.tags, err = d.list(repoTags, d.tags[:0]); err != nil {
		return err
	}
	if d.digests, err = d.list(repoDigests, d.digests[:0]); err != nil {
		return err
	}
	if d.image.Created, err = d.number(created, 0); err != nil {
		return err
	}
	if d.image.Size, err = d.number(size, 0); err != nil {
		return err
	}
	if d.image.Containers, err = d.number(containers, -1); err != nil {
		return err
	}
	if d.image.SharedSize, err = d.number(sharedSize, -1); err != nil {
		return err
	}
	texts := string(d.texts)
	d.image.ID = texts[d.id.from:d.id.to]
	d.image.RepoTags = cut(d.image.RepoTags[:0], texts, d.tags)
	d.image.RepoDigests = cut(d.image.RepoDigests[:0], texts, d.digests)
	if d.image.ID == "" {
		return fmt.Errorf("image %d has no Id", d.count)
	}
	return nil
}

// cut appends the texts at spans.
func cut(to []string, texts string, spans []span) []string {
	for _, s := range spans {
		to = append(to, texts[s.from:s.to])
	}
	return to
}

// value is that of a field; nil: the image does not have it.
func (d *decoder) value(of field) []byte {
	if v := d.values[of]; v.to > 0 {
		return d.in.bytes[v.from:v.to]
	}
	return nil
}

func (d *decoder) list(of field, spans []span) ([]span, error) {
	b := d.value(of)
	switch {
	case b == nil, b[0] == 'n':
		return spans, nil
	case b[0] != '[':
		return spans, d.wrongType(of, b, "a list of strings")
	}
	for c, i := next(b, 1); c != ']'; {
		end := scanValue(b, i, 0)
		s, err := d.text(of, b[i:end])
		if err != nil {
			return spans, err
		}
		spans = append(spans, s)
		if c, i = next(b, end); c == ',' {
			c, i = next(b, i+1)
		}
	}
	return spans, nil
}

// text puts the text of a string into d.texts.
func (d *decoder) text(of field, value []byte) (span, error) {
	if value[0] != '"' {
		return span{}, d.wrongType(of, value, "a string")
	}
	from := len(d.texts)
	if bytes.IndexByte(value, '\\') < 0 {
		d.texts = append(d.texts, value[1:len(value)-1]...)
	} else {
		d.texts, _ = jsontext.AppendUnquote(d.texts, value) // its error: invalid UTF-8, which is replaced
	}
	if most := d.in.most.name; len(d.texts)-from > most {
		return span{}, limitError(fmt.Sprintf("image %d: %s has a name of more than %d bytes", d.count, of, most))
	}
	d.tally.odd += int64(countOdd(d.texts[from:]))
	return span{from, len(d.texts)}, nil
}

// countOdd counts the bytes that no name of an image has.
func countOdd(text []byte) int {
	odd := 0
	for _, c := range text {
		if c <= ' ' || c > '~' || c == '#' {
			odd++
		}
	}
	return odd
}

// number is the value of a field, or none where the image does not have it.
func (d *decoder) number(of field, none int64) (int64, error) {
	value := d.value(of)
	switch {
	case value == nil, value[0] == 'n':
		return none, nil
	case value[0] != '-' && (value[0] < '0' || value[0] > '9'):
		return 0, d.wrongType(of, value, "a number")
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("image %d: %s is %.40s and not a whole number of 64 bits", d.count, of, value)
	}
	return n, nil
}

func (d *decoder) wrongType(of field, value []byte, want string) error {
	return fmt.Errorf("image %d: %s is %s and not %s", d.count, of, kindOfJSON(value[0]), want)
}

// kindOfJSON is what a value is that starts with c; "" where none does.
func kindOfJSON(c byte) string {
	switch c {
	case 'n':
		return "null"
	case 't', 'f':
		return "a boolean"
	case '"':
		return "a string"
	case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return "a number"
	case '{':
		return "an object"
	case '[':
		return "a list"
	}
	return ""
}
