package format

import (
	"bufio"
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
type rowTemplate[Row any] struct {
	*template.Template
	usage
	columns []lister.Column[Row]
	aligned bool   // in columns, under a header
	record  record // of the row that is being printed
}

func newTemplate[Row any](t *template.Template, columns []lister.Column[Row], aligned bool) (*rowTemplate[Row], error) {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	usage, err := usageOf(t, names)
	return &rowTemplate[Row]{Template: t, usage: usage, columns: columns, aligned: aligned, record: record{}}, err
}

// A record is a row as a template sees it: its texts by the names of their columns.
type record map[string]any

// Keys of a record that no template can name.
const (
	wholeRow = ""    // the row as JSON
	source   = " of" // the row itself
)

// Reference fails for a row that has none.
func (r record) Reference() (string, error) {
	return r[source].(interface{ Reference() (string, error) }).Reference() //nolint:forcetypeassert // only tags have this field
}

// MarshalJSON makes {{json .}} the same as the format json.
func (r record) MarshalJSON() ([]byte, error) { return []byte(r.String()), nil }

// String makes {{.}} JSON as well.
func (r record) String() string {
	text, _ := r[wholeRow].(string)
	return text
}

// execute prints row, and the end of its line.
func (t *rowTemplate[Row]) execute(w io.Writer, row *Row, table *lister.Table) error {
	t.record[source] = row
	for i := range t.columns {
		if c := &t.columns[i]; c.Text != nil && (t.fields[c.Name] || t.fields[wholeRow]) {
			t.record[c.Name] = c.Text(row, table)
		}
	}
	if t.fields[wholeRow] {
		t.record[wholeRow] = string(appendObject(nil, t.columns, row))
	}
	if err := t.Execute(w, t.record); err != nil {
		return err
	}
	_, err := w.Write([]byte{'\n'})
	return err
}

// write prints rows, or nothing if the template fails on one of them.
func (t *rowTemplate[Row]) write(w io.Writer, rows []*Row, table *lister.Table) error {
	all := func(w io.Writer) error {
		for i, row := range rows {
			if err := t.execute(w, row, table); err != nil {
				return rowError(i+1, err)
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

// writeTitles prints the header. As with docker, what the template cannot make of titles is left out.
func (t *rowTemplate[Row]) writeTitles(w io.Writer) {
	titles := map[string]string{}
	for _, c := range t.columns {
		titles[c.Name] = c.Title
	}
	if header, err := t.Clone(); err == nil {
		_ = header.Funcs(templates.HeaderFunctions).Execute(w, titles)
	}
	_, _ = w.Write([]byte{'\n'})
}

// rowError describes the template's error on a row, counted from 1. That a row has no reference says it all.
func rowError(row int, err error) error {
	if !errors.As(err, new(template.ExecError)) {
		return err // the writer's
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		if errors.Unwrap(e) == lister.ErrReference { //nolint:errorlint // the one that wraps it, not those around
			return e
		}
	}
	return fmt.Errorf("%w on row %d: %s; try: a condition around it, as in {{if ne .Tag \"<none>\"}}…{{end}}",
		ErrRow, row, strings.TrimPrefix(err.Error(), "template: "))
}

// dependsOnRow reports whether a template failed for what a function made of its arguments, such as a text
// that is too short. Too few arguments, and the like, fail on every row.
func dependsOnRow(err error) bool {
	var failed template.ExecError
	return errors.As(err, &failed) && errors.Unwrap(failed.Err) != nil
}
