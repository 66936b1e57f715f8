// Package format prints listings for programs and to people's own taste: as JSON lines, or by a
// Go template with docker's placeholders and functions.
package format

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/template"

	"github.com/docker/cli/templates"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A Format is how to print a listing: see [ParseTags] and [ParseRepos].
type Format struct {
	columns  []lister.Column
	json     bool
	template *rowTemplate                                       // nil: the table, or JSON
	table    func(lister.Table, io.Writer, []*lister.Row) error // the one that never changes
}

// ErrFormat is what an invalid format fails with.
var ErrFormat = errors.New("not a format")

// ParseTags reads the format of a listing of tags: "table" or "" (the table that never changes),
// "json" (one object per line), a Go template, or "table" and a template. Its errors wrap
// [ErrFormat]: another word, a broken template, or a field that tags do not have.
func ParseTags(text string) (Format, error) {
	return parseFormat(text, Format{columns: lister.TagColumns(), table: lister.Table.WriteTags})
}

// ParseRepos is [ParseTags] for a listing of repositories.
func ParseRepos(text string) (Format, error) {
	return parseFormat(text, Format{columns: lister.RepositoryColumns(), table: lister.Table.WriteRepos})
}

// parseFormat tries a template on a sample, to find its mistakes before any engine is asked.
func parseFormat(text string, f Format) (Format, error) {
	switch strings.TrimSpace(text) {
	case "", "table":
		return f, nil
	case "json":
		f.json = true
		return f, nil
	}
	body, aligned := strings.CutPrefix(text, "table ")
	if !strings.Contains(body, "{{") {
		return f, fmt.Errorf("%w: neither table, json nor a template such as {{.%s}}", ErrFormat, f.columns[1].Name)
	}
	// As docker does, for shells in which a tab is hard to write.
	body = strings.NewReplacer(`\t`, "\t", `\n`, "\n").Replace(strings.Trim(body, " "))
	parsed, err := templates.Parse(body)
	if err == nil {
		f.template = &rowTemplate{Template: parsed, columns: f.columns, aligned: aligned, record: record{}}
		f.template.usage, err = usageOf(parsed, f.columns)
	}
	if err == nil {
		err = f.template.execute(io.Discard, sample(), &lister.Table{})
	}
	if err != nil && !dependsOnRow(err) {
		return Format{}, fmt.Errorf("%w: %s", ErrFormat, strings.TrimPrefix(err.Error(), "template: "))
	}
	return f, nil
}

// dependsOnRow reports whether a template failed for what a function made of its arguments, such as a text
// that is too short. Too few arguments, and the like, fail on every row.
func dependsOnRow(err error) bool {
	var failed template.ExecError
	return errors.As(err, &failed) && errors.Unwrap(failed.Err) != nil
}

// IsTable reports whether the format is the table that never changes.
func (f Format) IsTable() bool { return f.template == nil && !f.json }

// IsTemplate reports whether the format is a template, which has no place for a total.
func (f Format) IsTemplate() bool { return f.template != nil }

// uses reports whether the format is a template that names this field, such as ".Tag".
func (f Format) uses(field string) bool { return f.template != nil && f.template.usage[field] }

// NamesImages returns the fields by which a line names an image without its engine; "" where it names
// none, or its context too.
func (f Format) NamesImages() string {
	if f.uses(".Context") || f.uses(wholeRow) {
		return ""
	}
	for _, fields := range [][]string{{".Reference"}, {".ID"}, {".Digest"}, {".Repository", ".Tag"}} {
		if !slices.ContainsFunc(fields, func(field string) bool { return !f.uses(field) }) {
			return "{{" + strings.Join(fields, "}} and {{") + "}}"
		}
	}
	return ""
}

// Fields returns what the format needs of the rows. A format of all fields, such as JSON, shows the digests,
// and the others only where something else asks for them: engines have to work for them.
func (f Format) Fields() lister.Fields {
	var fields lister.Fields
	for _, c := range f.columns {
		if f.uses("."+c.Name) || (f.json || f.uses(wholeRow)) && c.Fields == lister.Digests {
			fields |= c.Fields
		}
	}
	return fields
}

// Write prints rows to w as table says. A total comes last: in JSON as an object by itself; templates
// have none.
func (f Format) Write(w io.Writer, rows []*lister.Row, table lister.Table) error {
	switch {
	case f.json:
		return writeJSON(w, f.columns, rows, table.Total)
	case f.template != nil:
		return f.template.write(w, rows, &table)
	}
	return f.table(table, w, rows)
}

// sample returns a row to try a template on: it has all that rows can have, and no text is short.
func sample() *lister.Row {
	return &lister.Row{
		Context: "production", Repository: "registry.example.com:5000/team/project/application", Tag: "1.2.3-rc.4-20260102-0304",
		Digests: []string{"sha256:" + strings.Repeat("0", 64)}, ID: "sha256:" + strings.Repeat("1", 64), Created: 1767323045, Size: 123_456_789,
		SharedSize: 23_456_789, Tags: 12,
	}
}
