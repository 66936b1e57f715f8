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
		in := &capped{most: most, r: r}
		d := decoder{in: in, json: jsontext.NewDecoder(in,
			// A name given twice costs nothing but that the later wins; names that are no UTF-8 are
			// shown escaped.
			jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))}
		if err := d.array(yield); err != nil && !errors.Is(err, errStopped) {
			yield(lister.Image{}, broken(err))
		}
	}
}

var errStopped = errors.New("the caller has enough")

type decoder struct {
	in    *capped
	json  *jsontext.Decoder
	image lister.Image
	exact [fields]bool // those that the image has by their exact names
	count int          // images
	names int64        // images, tags and digests

	texts         []byte // of the image, one after another
	id            span
	tags, digests []span
}

// A span is where a text lies among others.
type span struct{ from, to int }

func (d *decoder) array(yield func(lister.Image, error) bool) error {
	if kind := d.json.PeekKind(); kind != jsontext.KindBeginArray && kind != jsontext.KindInvalid {
		return fmt.Errorf("it is %s and not a list", kindName(kind))
	}
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	for d.json.PeekKind() != jsontext.KindEndArray {
		d.count++
		if err := d.object(); err != nil {
			return err
		}
		if !yield(d.image, nil) {
			return errStopped
		}
		d.in.sinceImage = 0
	}
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	switch _, err := d.json.ReadToken(); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return fmt.Errorf("after the list: %w", err)
	}
	return errors.New("there is more after the list")
}

// object reads one image into d.image. Its texts are parts of a single one.
func (d *decoder) object() error {
	if kind := d.json.PeekKind(); kind != jsontext.KindBeginObject && kind != jsontext.KindInvalid {
		return fmt.Errorf("image %d is %s and not an object", d.count, kindName(kind))
	}
	value, err := d.json.ReadValue()
	if err != nil {
		return err
	}
	d.exact, d.texts, d.id, d.tags, d.digests = [fields]bool{}, d.texts[:0], span{}, d.tags[:0], d.digests[:0]
	d.image.Created, d.image.Size = 0, 0
	object := scanner{json: value}
	for object.enter(); object.more(); {
		if f := d.field(object.next()); f == fields {
			object.next()
		} else if err := d.read(f, object.next()); err != nil {
			return err
		}
	}
	texts := string(d.texts)
	d.image.ID = texts[d.id.from:d.id.to]
	d.image.RepoTags = cut(d.image.RepoTags[:0], texts, d.tags)
	d.image.RepoDigests = cut(d.image.RepoDigests[:0], texts, d.digests)
	if d.image.ID == "" {
		return fmt.Errorf("image %d has no Id", d.count)
	}
	d.names += int64(1 + len(d.tags) + len(d.digests))
	return d.in.checkNames(d.names)
}

// cut appends the texts at spans.
func cut(to []string, texts string, spans []span) []string {
	for _, s := range spans {
		to = append(to, texts[s.from:s.to])
	}
	return to
}

// A field is one of those that rows need.
type field int

const (
	id field = iota
	repoTags
	repoDigests
	created
	size
	fields // how many there are
)

func (f field) String() string {
	return [...]string{"Id", "RepoTags", "RepoDigests", "Created", "Size"}[f]
}

// field is the one with this name, which is in its quotes, or fields where none is. As docker's client
// does, it takes names in any case; one in the usual case wins, wherever it stands.
func (d *decoder) field(name []byte) field {
	name = name[1 : len(name)-1]
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

// read reads the value of a field.
func (d *decoder) read(f field, value []byte) (err error) {
	switch f {
	case id:
		d.id, err = d.text(f, value)
	case repoTags:
		d.tags, err = d.list(f, value, d.tags[:0])
	case repoDigests:
		d.digests, err = d.list(f, value, d.digests[:0])
	case created:
		d.image.Created, err = d.number(f, value)
	case size:
		d.image.Size, err = d.number(f, value)
	}
	return err
}

func (d *decoder) list(f field, value []byte, spans []span) ([]span, error) {
	switch jsontext.Value(value).Kind() {
	case jsontext.KindNull:
		return spans, nil
	case jsontext.KindBeginArray:
	default:
		return spans, d.wrongType(f, value, "a list of strings")
	}
	list := scanner{json: value}
	for list.enter(); list.more(); {
		s, err := d.text(f, list.next())
		if err != nil {
			return spans, err
		}
		spans = append(spans, s)
	}
	return spans, nil
}

// text is where the text of a string lies in d.texts.
func (d *decoder) text(f field, value []byte) (span, error) {
	if value[0] != '"' {
		return span{}, d.wrongType(f, value, "a string")
	}
	from := len(d.texts)
	if bytes.IndexByte(value, '\\') < 0 {
		d.texts = append(d.texts, value[1:len(value)-1]...)
	} else {
		d.texts, _ = jsontext.AppendUnquote(d.texts, value) // its error: invalid UTF-8, which is replaced
	}
	if most := d.in.most.name; len(d.texts)-from > most {
		return span{}, limitError(fmt.Sprintf("image %d: %s has a name of more than %d bytes", d.count, f, most))
	}
	return span{from, len(d.texts)}, nil
}

func (d *decoder) number(f field, value []byte) (int64, error) {
	switch jsontext.Value(value).Kind() {
	case jsontext.KindNull:
		return 0, nil
	case jsontext.KindNumber:
	default:
		return 0, d.wrongType(f, value, "a number")
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("image %d: %s is %.40s and not a whole number of 64 bits", d.count, f, value)
	}
	return n, nil
}

func (d *decoder) wrongType(f field, value []byte, want string) error {
	return fmt.Errorf("image %d: %s is %s and not %s", d.count, f, kindName(jsontext.Value(value).Kind()), want)
}

func kindName(kind jsontext.Kind) string {
	switch kind {
	case jsontext.KindNull:
		return "null"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "a boolean"
	case jsontext.KindString:
		return "a string"
	case jsontext.KindNumber:
		return "a number"
	case jsontext.KindBeginObject:
		return "an object"
	case jsontext.KindBeginArray:
		return "a list"
	}
	return "broken"
}
