package format

import (
	"bufio"
	"io"
	"iter"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/dkr-ls/dkr-ls/lister"
)

// The fields of JSON, and their order, are described by the schemas in this folder. They are
// written by hand: an encoder took most of the time of such a listing.

// writeJSON writes a line for each of rows, and one for the total, if there is one.
func writeJSON[Row any](w io.Writer, rows iter.Seq[Row], appendRow func([]byte, Row) []byte, total *lister.Total) error {
	out := bufio.NewWriterSize(w, 1<<16)
	for row := range rows {
		if _, err := out.Write(append(appendRow(out.AvailableBuffer(), row), '\n')); err != nil {
			return err
		}
	}
	if total != nil {
		_, _ = out.Write(append(appendTotal(out.AvailableBuffer(), *total), '\n'))
	}
	return out.Flush() // the first error of all
}

func appendTag(b []byte, t *lister.Tag) []byte {
	b = appendContext(b, t.Context)
	b = appendText(append(b, `"repository":`...), t.Repository)
	b = appendText(append(b, `,"tag":`...), t.Tag)
	b = append(b, `,"reference":`...)
	if reference, err := t.Reference(); err == nil {
		b = appendText(b, reference)
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `,"digests":[`...)
	for i, digest := range t.Digests {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, digest)
	}
	b = appendText(append(b, `],"id":`...), t.ID)
	b = appendTime(append(b, `,"created":`...), t.Created)
	b = appendKnown(append(b, `,"size":`...), t.Size)
	b = appendKnown(append(b, `,"shared_size":`...), t.SharedSize)
	b = appendKnown(append(b, `,"unique_size":`...), t.UniqueSize())
	b = appendKnown(append(b, `,"containers":`...), t.Containers)
	return append(b, '}')
}

// appendKnown appends a number, or null where it is less than 0: not known.
func appendKnown(b []byte, n int64) []byte {
	if n < 0 {
		return append(b, "null"...)
	}
	return strconv.AppendInt(b, n, 10)
}

func appendRepo(b []byte, r lister.Repository) []byte {
	b = appendContext(b, r.Context)
	b = appendText(append(b, `"repository":`...), r.Name)
	b = strconv.AppendInt(append(b, `,"tags":`...), int64(r.Tags), 10)
	b = strconv.AppendInt(append(b, `,"size":`...), r.Size, 10)
	return append(appendTime(append(b, `,"created":`...), r.Created), '}')
}

func appendTotal(b []byte, t lister.Total) []byte {
	b = strconv.AppendInt(append(b, `{"total_size":`...), t.Size, 10)
	b = appendKnown(append(b, `,"total_unique_size":`...), t.Unique)
	b = strconv.AppendInt(append(b, `,"images":`...), int64(t.Images), 10)
	return append(strconv.AppendInt(append(b, `,"tags":`...), int64(t.Tags), 10), '}')
}

// appendContext begins an object, with its context if it has one.
func appendContext(b []byte, context string) []byte {
	b = append(b, '{')
	if context == "" {
		return b
	}
	return append(appendText(append(b, `"context":`...), context), ',')
}

func appendText(b []byte, text string) []byte {
	b, _ = jsontext.AppendQuote(b, text) // which fails on invalid UTF-8 alone, and rows hold none
	return b
}

// appendTime appends null where the time is unknown or cannot be written.
func appendTime(b []byte, created int64) []byte {
	if created <= 0 || created > lastSecond {
		return append(b, "null"...)
	}
	b = time.Unix(created, 0).UTC().AppendFormat(append(b, '"'), time.RFC3339)
	return append(b, '"')
}
