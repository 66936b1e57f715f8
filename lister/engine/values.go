package engine

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

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
	d.makeRoom()
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
	texts := d.texts.String()
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

// makeRoom makes room in d.texts for the texts of a usual image. Those of images before are theirs.
func (d *decoder) makeRoom() {
	const usual, many = 1 << 10, 1 << 15 // bytes
	if d.texts.Cap()-d.texts.Len() < usual {
		d.texts.Reset()
		d.texts.Grow(many)
	}
}

// text puts the text of a string into d.texts.
func (d *decoder) text(of field, value []byte) (span, error) {
	if value[0] != '"' {
		return span{}, d.wrongType(of, value, "a string")
	}
	text := value[1 : len(value)-1]
	if bytes.IndexByte(text, '\\') >= 0 {
		d.unquoted, _ = jsontext.AppendUnquote(d.unquoted[:0], value) // its error: invalid UTF-8, which is replaced
		text = d.unquoted
	}
	if most := d.in.most.name; len(text) > most {
		return span{}, limitError(fmt.Sprintf("image %d: %s has a name of more than %d bytes", d.count, of, most))
	}
	d.tally.odd += int64(countOdd(text))
	from := d.texts.Len()
	d.texts.Write(text)
	return span{from, d.texts.Len()}, nil
}

// countOdd counts the bytes that no name of an image has. It passes over eight at a time that have none.
func countOdd(text []byte) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	odd := 0
	for len(text) > 0 {
		if len(text) >= 8 {
			w := binary.LittleEndian.Uint64(text)
			low, hash, high := (w-ones*'!')&^w, (w^ones*'#'-ones)&^(w^ones*'#'), w|(w+ones)
			if (low|hash|high)&highs == 0 {
				text = text[8:]
				continue
			}
		}
		if c := text[0]; c <= ' ' || c > '~' || c == '#' {
			odd++
		}
		text = text[1:]
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
