package format

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/dkr-ls/dkr-ls/lister"
)

// The keys of JSON, and their order, are described by the schemas in this folder.

// writeJSON writes a line for each of rows, and one for the total, if there is one.
func writeJSON(w io.Writer, columns []lister.Column, rows []*lister.Row, total *lister.Total) error {
	out := bufio.NewWriterSize(w, 1<<16)
	for _, row := range rows {
		_, _ = out.Write(append(appendObject(out.AvailableBuffer(), columns, row), '\n'))
	}
	if total != nil {
		unique := any(total.Unique)
		if total.Unique < 0 {
			unique = nil
		}
		_, _ = fmt.Fprintf(out, `{"total_size":%d,"total_unique_size":%s,"images":%d,"tags":%d}`+"\n",
			total.Size, appendValue(nil, unique), total.Images, total.Tags)
	}
	return out.Flush() // the first error of all
}

// appendObject appends row as a JSON object.
func appendObject(b []byte, columns []lister.Column, row *lister.Row) []byte {
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
	case map[string]string:
		b = append(b, '{')
		for i, key := range slices.Sorted(maps.Keys(v)) {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendValue(b, key), ':')
			b = appendValue(b, v[key])
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}
