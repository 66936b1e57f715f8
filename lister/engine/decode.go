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
	exact [5]bool // fields that the image has by their exact names
	count int     // images
	names int     // images, tags and digests
}

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

// object reads one image into d.image.
func (d *decoder) object() error {
	d.image = lister.Image{RepoTags: d.image.RepoTags[:0], RepoDigests: d.image.RepoDigests[:0]}
	d.exact = [5]bool{}
	if kind := d.json.PeekKind(); kind != jsontext.KindBeginObject && kind != jsontext.KindInvalid {
		return fmt.Errorf("image %d is %s and not an object", d.count, kindName(kind))
	}
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	for d.json.PeekKind() != jsontext.KindEndObject {
		name, err := d.json.ReadValue()
		if err != nil {
			return err
		}
		if err := d.field(string(name)); err != nil {
			return err
		}
	}
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	if d.image.ID == "" {
		return fmt.Errorf("image %d has no Id", d.count)
	}
	if d.names += 1 + len(d.image.RepoTags) + len(d.image.RepoDigests); d.names > d.in.most.names {
		return limitError(fmt.Sprintf("it has more than %d names", d.in.most.names))
	}
	return nil
}

// fieldNames are those of the fields that rows need, in their quotes.
func fieldNames() [5]string {
	return [...]string{`"Id"`, `"RepoTags"`, `"RepoDigests"`, `"Created"`, `"Size"`}
}

// field reads the field of an image with this name. As docker's client does, it takes names in any
// case; one in the usual case wins, wherever it stands.
func (d *decoder) field(name string) error {
	for i, known := range fieldNames() {
		if name == known {
			d.exact[i] = true
			return d.read(i)
		}
	}
	for i, known := range fieldNames() {
		if len(name) == len(known) && strings.EqualFold(name, known) && !d.exact[i] {
			return d.read(i)
		}
	}
	return d.json.SkipValue()
}

// read reads the value of the field with this index in [fieldNames].
func (d *decoder) read(field int) (err error) {
	switch field {
	case 0:
		d.image.ID, err = d.text("Id")
	case 1:
		d.image.RepoTags, err = d.texts("RepoTags", d.image.RepoTags[:0])
	case 2:
		d.image.RepoDigests, err = d.texts("RepoDigests", d.image.RepoDigests[:0])
	case 3:
		d.image.Created, err = d.number("Created")
	case 4:
		d.image.Size, err = d.number("Size")
	}
	return err
}

func (d *decoder) texts(field string, texts []string) ([]string, error) {
	switch kind := d.json.PeekKind(); kind {
	case jsontext.KindNull:
		return texts, d.json.SkipValue()
	case jsontext.KindBeginArray, jsontext.KindInvalid:
	default:
		return nil, d.wrongType(field, kind, "a list of strings")
	}
	if _, err := d.json.ReadToken(); err != nil {
		return nil, err
	}
	for d.json.PeekKind() != jsontext.KindEndArray {
		text, err := d.text(field)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	_, err := d.json.ReadToken()
	return texts, err
}

func (d *decoder) text(field string) (string, error) {
	if kind := d.json.PeekKind(); kind != jsontext.KindString && kind != jsontext.KindInvalid {
		return "", d.wrongType(field, kind, "a string")
	}
	quoted, err := d.json.ReadValue()
	if err != nil {
		return "", err
	}
	if bytes.IndexByte(quoted, '\\') >= 0 {
		text, _ := jsontext.AppendUnquote(nil, quoted) // its error: invalid UTF-8, which is replaced
		return string(text), nil
	}
	return string(quoted[1 : len(quoted)-1]), nil
}

func (d *decoder) number(field string) (int64, error) {
	switch kind := d.json.PeekKind(); kind {
	case jsontext.KindNull:
		return 0, d.json.SkipValue()
	case jsontext.KindNumber, jsontext.KindInvalid:
	default:
		return 0, d.wrongType(field, kind, "a number")
	}
	value, err := d.json.ReadValue()
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("image %d: %s is %.40s and not a whole number of 64 bits", d.count, field, value)
	}
	return n, nil
}

func (d *decoder) wrongType(field string, kind jsontext.Kind, want string) error {
	return fmt.Errorf("image %d: %s is %s and not %s", d.count, field, kindName(kind), want)
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
