package format

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/template"

	"github.com/docker/cli/templates"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A rowTemplate is a template that prints rows.
type rowTemplate struct {
	*template.Template
	usage
	columns []lister.Column
	aligned bool         // in columns, under a header
	record  record       // of the row that is being printed
	line    bytes.Buffer // of that row
}

// A record is a row as a template sees it: its texts by the names of their columns, and under names that
// no template can have, the row as JSON (wholeRow) and the row itself (source).
type record map[string]any

const source = "row"

// Reference fails for a row that has none.
func (r record) Reference() (string, error) {
	return r[source].(*lister.Row).Reference() //nolint:forcetypeassert // it is nothing else
}

// Label returns the image's label of this key; "" where it has none.
func (r record) Label(key string) string {
	return r[source].(*lister.Row).Labels()[key] //nolint:forcetypeassert // it is nothing else
}

// MarshalJSON makes {{json .}} the same as the format json.
func (r record) MarshalJSON() ([]byte, error) { return []byte(r.String()), nil }

// String makes {{.}} JSON as well.
func (r record) String() string { return fmt.Sprint(r[wholeRow]) }

// execute prints row.
func (t *rowTemplate) execute(w io.Writer, row *lister.Row, table *lister.Table) error {
	t.record[source] = row
	for i := range t.columns {
		if c := &t.columns[i]; c.Text != nil && (t.usage["."+c.Name] || t.usage[wholeRow]) {
			t.record[c.Name] = c.Text(row, table)
		}
	}
	if t.usage[wholeRow] {
		t.record[wholeRow] = string(appendObject(nil, t.columns, row))
	}
	return t.writeLine(w, t.Template, t.record)
}

// writeLine prints what a template makes of data, as far as it comes, and ends the line.
func (t *rowTemplate) writeLine(w io.Writer, from *template.Template, data any) error {
	t.line.Reset()
	failed := from.Execute(&t.line, data)
	t.line.WriteByte('\n')
	_, err := w.Write(t.line.Bytes())
	return cmp.Or(failed, err)
}

// write prints rows, or nothing if the template fails on one of them.
func (t *rowTemplate) write(w io.Writer, rows []*lister.Row, table *lister.Table) error {
	all := func(w io.Writer) error {
		for i, row := range rows {
			if err := t.execute(w, row, table); err != nil {
				return rowError(i+1, row, err)
			}
		}
		return nil
	}
	if t.aligned { // which prints all rows twice, to nowhere first
		return align(w, func(w io.Writer) error {
			t.writeTitles(w)
			return all(w)
		})
	}
	if t.canFail() {
		if err := all(io.Discard); err != nil {
			return err
		}
	}
	out := bufio.NewWriterSize(w, 1<<16)
	return cmp.Or(all(out), out.Flush())
}

// titles are those of columns, by name.
type titles map[string]string

// Label returns the title of the label of this key: "VERSION" for org.opencontainers.image.version.
func (titles) Label(key string) string {
	return strings.ToUpper(key[strings.LastIndexByte(key, '.')+1:])
}

// writeTitles prints the header. As with docker, what the template cannot make of titles is left out.
func (t *rowTemplate) writeTitles(w io.Writer) {
	titles := titles{}
	for _, c := range t.columns {
		titles[c.Name] = c.Title
	}
	if header, err := t.Clone(); err == nil {
		_ = t.writeLine(w, header.Funcs(templates.HeaderFunctions), titles)
	}
}

// rowError describes the template's error on a row, with its number from 1. That a row has no reference
// says it all.
func rowError(number int, row *lister.Row, err error) error {
	if !errors.As(err, new(template.ExecError)) {
		return err // the writer's
	}
	if errors.Is(err, lister.ErrReference) {
		_, err = row.Reference()
		return err
	}
	return fmt.Errorf("the template fails on row %d: %s; try: a condition around it, as in {{if ne .Tag \"<none>\"}}…{{end}}",
		number, strings.TrimPrefix(err.Error(), "template: "))
}
