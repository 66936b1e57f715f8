package engine

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/dkr-ls/dkr-ls/lister"
)

// An imageJSON is an element of /images/json, as far as rows need it.
type imageJSON struct {
	ID                     string `json:"Id"`
	RepoTags, RepoDigests  []string
	Created, Size          int64
	Containers, SharedSize *int64 // nil: not reported
}

// A labelledJSON is an imageJSON with labels, which are read only where they are wanted.
type labelledJSON struct {
	imageJSON
	Labels map[string]string
}

// decodeImages reads the answer to /images/json, with labels or without.
func decodeImages(r io.Reader, most limits, labels bool) iter.Seq2[lister.Image, error] {
	if labels {
		return decodeList(r, "image", most, labelledJSON.image)
	}
	return decodeList(r, "image", most, imageJSON.image)
}

// image returns what the lister calls an image, unless it has no ID or goes past a limit.
func (im imageJSON) image(m *meter) (lister.Image, error) {
	if im.ID == "" {
		return lister.Image{}, errors.New("has no Id")
	}
	return lister.Image{
		ID: im.ID, RepoTags: im.RepoTags, RepoDigests: im.RepoDigests, Created: im.Created, Size: im.Size,
		Containers: known(im.Containers), SharedSize: known(im.SharedSize),
	}, m.add(len(im.RepoTags)*len(im.RepoDigests), slices.Concat([]string{im.ID}, im.RepoTags, im.RepoDigests)...)
}

// image returns what the lister calls an image, with labels.
func (im labelledJSON) image(m *meter) (lister.Image, error) {
	image, err := im.imageJSON.image(m)
	image.Labels = im.Labels
	for key, value := range im.Labels {
		err = cmp.Or(err, m.add(0, key), m.addText(value))
	}
	return image, err
}

// known returns the number at n, or -1 for nil.
func known(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

// decodeList reads a JSON array off r, one element at a time, and converts each; name is what errors call
// an element. Like docker's client, it takes the names of fields in any letter case, and the last of
// duplicates. It fails on anything but such an array, where convert does, and past the limits.
func decodeList[J, T any](r io.Reader, name string, most limits, convert func(J, *meter) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		m := &meter{most: most, r: r, name: name}
		d := jsontext.NewDecoder(m, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), json.MatchCaseInsensitiveNames(true))
		err := readArray(d, func() (more bool, err error) {
			var element J
			if err := json.UnmarshalDecode(d, &element); err != nil {
				return false, err
			}
			m.n++
			converted, err := convert(element, m)
			if err != nil {
				return false, fmt.Errorf("%s %d %w", name, m.n, err)
			}
			m.element = 0
			return yield(converted, nil), nil
		})
		if err != nil {
			yield(*new(T), broken(cmp.Or(m.err, describe(d, fmt.Sprintf("%s %d", name, m.n+1), err))))
		}
	}
}

// readArray calls element to read each element of an array, after which nothing may follow. It returns
// early where element wants no more.
func readArray(d *jsontext.Decoder, element func() (more bool, err error)) error {
	start, err := d.ReadToken()
	switch {
	case err != nil:
		return err
	case start.Kind() != jsontext.KindBeginArray:
		return fmt.Errorf("it is %s and not a list", inWords(start.Kind()))
	}
	for d.PeekKind() != jsontext.KindEndArray {
		if more, err := element(); err != nil || !more {
			return err
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	if _, err = d.ReadToken(); errors.Is(err, io.EOF) {
		return nil
	}
	return cmp.Or(err, errors.New("there is more after the list"))
}

// describe returns an error of the JSON decoder, which may be about an element, in our words.
func describe(d *jsontext.Decoder, element string, err error) error {
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok && !errors.Is(err, io.ErrUnexpectedEOF) {
		rest := d.UnreadBuffer()
		at := min(max(syntax.ByteOffset-d.InputOffset(), 0), int64(len(rest)))
		return fmt.Errorf("it is not JSON from byte %d on, %.20q", syntax.ByteOffset, rest[at:])
	}
	invalid, ok := errors.AsType[*json.SemanticError](err)
	if !ok {
		return err
	}
	if path := strings.Split(string(invalid.JSONPointer), "/"); len(path) > 2 { // such as /0/RepoTags/1
		element += ": " + path[2]
	}
	want := map[reflect.Kind]string{
		reflect.Struct: "an object", reflect.Slice: "a list of strings", reflect.String: "a string", reflect.Int64: "a whole number of 64 bits",
	}[invalid.GoType.Kind()]
	return fmt.Errorf("%s is %s and not %s", element, inWords(invalid.JSONKind), want)
}

// inWords returns what a kind of JSON value is called.
func inWords(kind jsontext.Kind) string {
	return map[jsontext.Kind]string{
		jsontext.KindNull: "null", jsontext.KindTrue: "a boolean", jsontext.KindFalse: "a boolean", jsontext.KindNumber: "a number",
		jsontext.KindString: "a string", jsontext.KindBeginArray: "a list", jsontext.KindBeginObject: "an object",
	}[kind]
}
