package format

import (
	"bufio"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/dkr-ls/dkr-ls/lister"
)

// The keys of JSON, and their order, are described by the schemas in this folder.

// writeJSON writes a line for each of rows, and one for the total, if there is one.
func writeJSON[Row any](w io.Writer, columns []lister.Column[Row], rows []*Row, total *lister.Total) error {
	out := bufio.NewWriterSize(w, 1<<16)
	for _, row := range rows {
		if _, err := out.Write(append(appendObject(out.AvailableBuffer(), columns, row), '\n')); err != nil {
			return err
		}
	}
	if total != nil {
		_, _ = out.Write(append(appendTotal(out.AvailableBuffer(), *total), '\n'))
	}
	return out.Flush() // the first error of all
}

// appendObject appends row as a JSON object.
func appendObject[Row any](b []byte, columns []lister.Column[Row], row *Row) []byte {
	separator := byte('{')
	for i := range columns {
		c := &columns[i]
		if c.Key == "" {
			continue
		}
		value := c.Value(row)
		if value == "" {
			continue
		}
		b = append(append(append(b, separator, '"'), c.Key...), '"', ':')
		b = appendValue(b, value)
		separator = ','
	}
	return append(b, '}')
}

// appendValue appends what [lister.Column] has as a Value. An encoder would take twice the time.
func appendValue(b []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		b, _ = jsontext.AppendQuote(b, v) // which fails on invalid UTF-8 only, and rows hold none
		return b
	case int64:
		return strconv.AppendInt(b, v, 10)
	case []string:
		b = append(b, '[')
		for i, text := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendValue(b, text)
		}
		return append(b, ']')
	}
	return append(b, "null"...)
}

func appendTotal(b []byte, t lister.Total) []byte {
	b = strconv.AppendInt(append(b, `{"total_size":`...), t.Size, 10)
	b = append(b, `,"total_unique_size":`...)
	if t.Unique < 0 {
		b = append(b, "null"...)
	} else {
		b = strconv.AppendInt(b, t.Unique, 10)
	}
	b = strconv.AppendInt(append(b, `,"images":`...), int64(t.Images), 10)
	return append(strconv.AppendInt(append(b, `,"tags":`...), int64(t.Tags), 10), '}')
}
