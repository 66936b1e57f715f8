package engine

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/dkr-ls/dkr-ls/lister"
)

// An imageJSON is an element of /images/json, as far as rows need it.
type imageJSON struct {
	ID          string `json:"Id"`
	RepoTags    []string
	RepoDigests []string
	Created     int64
	Size        int64
	Containers  *int64
	SharedSize  *int64
}

// decodeImages reads the JSON array of an engine's /images/json off r, one image at a time. Like
// docker's client, it takes names in any letter case, and the last of duplicates. Anything but such an
// array is an error.
func decodeImages(r io.Reader, most limits) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		capped := &capped{most: most, r: r}
		d := decoder{capped: capped, json: jsontext.NewDecoder(capped,
			jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), json.MatchCaseInsensitiveNames(true))}
		if err := d.array(yield); err != nil {
			yield(lister.Image{}, broken(d.describe(err)))
		}
	}
}

// A decoder reads images.
type decoder struct {
	capped *capped
	json   *jsontext.Decoder
	count  int // images so far
	tally  tally
}

// array yields the images. It returns nil where the caller wants no more of them.
func (d *decoder) array(yield func(lister.Image, error) bool) error {
	if err := d.begin("it", jsontext.KindBeginArray, "a list"); err != nil {
		return err
	}
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	for d.json.PeekKind() != jsontext.KindEndArray {
		d.count++
		image, err := d.object()
		if err != nil {
			return err
		}
		if !yield(image, nil) {
			return nil
		}
	}
	if _, err := d.json.ReadToken(); err != nil {
		return err
	}
	if _, err := d.json.ReadToken(); !errors.Is(err, io.EOF) {
		var read *jsontext.SyntacticError
		if err == nil || errors.As(err, &read) {
			return errors.New("there is more after the list")
		}
		return err
	}
	return nil
}

// begin returns an error where the next value, called what, is not of a kind.
func (d *decoder) begin(what string, kind jsontext.Kind, want string) error {
	next := d.json.PeekKind()
	if next == kind {
		return nil
	}
	if next == jsontext.KindInvalid || next == jsontext.KindEndArray || next == jsontext.KindEndObject {
		_, err := d.json.ReadToken()
		return err
	}
	return fmt.Errorf("%s is %s and not %s", what, nameOf(next), want)
}

// object reads one image.
func (d *decoder) object() (lister.Image, error) {
	if err := d.begin(fmt.Sprintf("image %d", d.count), jsontext.KindBeginObject, "an object"); err != nil {
		return lister.Image{}, err
	}
	containers, shared := int64(-1), int64(-1)
	im := imageJSON{Containers: &containers, SharedSize: &shared}
	if err := json.UnmarshalDecode(d.json, &im); err != nil {
		return lister.Image{}, err
	}
	if im.ID == "" {
		return lister.Image{}, fmt.Errorf("image %d has no Id", d.count)
	}
	d.capped.sinceImage = 0
	err := cmp.Or(
		d.names("Id", im.ID),
		d.names("RepoTags", im.RepoTags...),
		d.names("RepoDigests", im.RepoDigests...),
	)
	d.tally.pairs += int64(len(im.RepoTags)) * int64(len(im.RepoDigests))
	return lister.Image{
		ID: im.ID, RepoTags: im.RepoTags, RepoDigests: im.RepoDigests, Created: im.Created, Size: im.Size,
		Containers: known(im.Containers), SharedSize: known(im.SharedSize),
	}, cmp.Or(err, d.capped.check(d.tally))
}

// known returns the number at n, or -1 where the answer has null.
func known(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}

// names checks the lengths of names and adds them to the tally.
func (d *decoder) names(field string, names ...string) error {
	for _, name := range names {
		if most := d.capped.most.name; len(name) > most {
			return limitError(fmt.Sprintf("image %d: %s has a name of more than %d bytes", d.count, field, most))
		}
		d.tally.add(name)
	}
	return nil
}

// describe returns an error of the JSON decoder in our words.
func (d *decoder) describe(err error) error {
	var syntax *jsontext.SyntacticError
	var semantic *json.SemanticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case errors.As(err, &syntax):
		rest := d.json.UnreadBuffer()
		at := min(max(syntax.ByteOffset-d.json.InputOffset(), 0), int64(len(rest)))
		return fmt.Errorf("it is not JSON from byte %d on, %.20q", syntax.ByteOffset, rest[at:])
	case errors.As(err, &semantic):
		return d.describeField(semantic)
	}
	return err
}

// describeField names the field of an image that has an invalid value.
func (d *decoder) describeField(err *json.SemanticError) error {
	field := strings.Split(string(err.JSONPointer), "/")[2] // after the image's index: /0/Size
	want := map[reflect.Kind]string{reflect.String: "a string", reflect.Slice: "a list of strings"}[err.GoType.Kind()]
	if want == "" {
		want = "a number"
	}
	if want == "a number" && err.JSONKind == jsontext.KindNumber {
		return fmt.Errorf("image %d: %s is %.40s and not a whole number of 64 bits", d.count, field, err.JSONValue)
	}
	return fmt.Errorf("image %d: %s is %s and not %s", d.count, field, nameOf(err.JSONKind), want)
}

// nameOf returns what a kind of JSON value is called.
func nameOf(kind jsontext.Kind) string {
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
	}
	return "a list"
}
