// Package format prints listings for programs and to people's own taste: as JSON lines, or by a
// Go template with docker's placeholders and functions.
package format

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/docker/cli/templates"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A Format is how to print a listing of rows, which are [lister.Tag] or [lister.Repository]. The zero
// Format is the table that never changes.
type Format[Row lister.Tag | lister.Repository] struct {
	columns  []lister.Column[Row]
	json     bool
	template *rowTemplate[Row] // nil: the table, or JSON
}

// ErrFormat is what an invalid format fails with.
var ErrFormat = errors.New("not a format")

// ErrRow is what a listing fails with if the template fails on one of its rows.
var ErrRow = errors.New("the template fails")

// ParseTags reads the format of a listing of tags: "table" or "" (the table that never changes),
// "json" (one object per line), a Go template, or "table" and a template. Its errors wrap
// [ErrFormat]: another word, a broken template, or a field that tags do not have.
func ParseTags(text string) (Format[lister.Tag], error) {
	return parseFormat(text, lister.TagColumns(), sampleTag())
}

// ParseRepos is [ParseTags] for a listing of repositories.
func ParseRepos(text string) (Format[lister.Repository], error) {
	return parseFormat(text, lister.RepositoryColumns(), sampleRepository())
}

// parseFormat tries a template on a sample, to find its mistakes before any engine is asked.
func parseFormat[Row lister.Tag | lister.Repository](text string, columns []lister.Column[Row], sample Row) (Format[Row], error) {
	f := Format[Row]{columns: columns}
	switch strings.TrimSpace(text) {
	case "", "table":
		return f, nil
	case "json":
		f.json = true
		return f, nil
	}
	body, aligned := strings.CutPrefix(text, "table ")
	if !strings.Contains(body, "{{") {
		return f, fmt.Errorf("%w: neither table, json nor a template such as {{.%s}}", ErrFormat, columns[1].Name)
	}
	// As docker does, for shells in which a tab is hard to write.
	body = strings.NewReplacer(`\t`, "\t", `\n`, "\n").Replace(strings.Trim(body, " "))
	parsed, err := templates.Parse(body)
	if err == nil {
		f.template, err = newTemplate(parsed, columns, aligned)
	}
	if err == nil {
		err = f.template.execute(io.Discard, &sample, &lister.Table{})
	}
	if err != nil && !dependsOnRow(err) {
		return Format[Row]{}, fmt.Errorf("%w: %s", ErrFormat, strings.TrimPrefix(err.Error(), "template: "))
	}
	return f, nil
}

// IsTable reports whether the format is the table that never changes.
func (f Format[Row]) IsTable() bool { return f.template == nil && !f.json }

// IsTemplate reports whether the format is a template, which has no place for a total.
func (f Format[Row]) IsTemplate() bool { return f.template != nil }

// Uses reports whether the format is a template that names this field.
func (f Format[Row]) Uses(field string) bool { return f.template != nil && f.template.fields[field] }

// NamesImages returns the fields by which a line names an image without its engine; "" where it names
// none, or its context too.
func (f Format[Row]) NamesImages() string {
	if f.Uses("Context") || f.Uses(wholeRow) {
		return ""
	}
	for _, name := range []string{"Reference", "ID", "Digest"} {
		if f.Uses(name) {
			return "{{." + name + "}}"
		}
	}
	if f.Uses("Repository") && f.Uses("Tag") {
		return "{{.Repository}} and {{.Tag}}"
	}
	return ""
}

// Fields returns what the format needs of the rows. A format of all fields, such as JSON, shows what
// images share only where something else asks for it: engines have to compare all images for it.
func (f Format[Row]) Fields() lister.Fields {
	var fields lister.Fields
	for _, c := range f.columns {
		if f.Uses(c.Name) || (f.json || f.Uses(wholeRow)) && !c.Fields.Has(lister.SharedSize) {
			fields |= c.Fields
		}
	}
	return fields
}

// Write prints rows to w as table says. A total comes last: in JSON as an object by itself; templates
// have none.
func (f Format[Row]) Write(w io.Writer, rows []*Row, table lister.Table) error {
	switch {
	case f.json:
		return writeJSON(w, f.columns, rows, table.Total)
	case f.template != nil:
		return f.template.write(w, rows, &table)
	}
	switch rows := any(rows).(type) {
	case []*lister.Tag:
		return table.WriteTags(w, rows)
	case []*lister.Repository:
		return table.WriteRepos(w, rows)
	}
	return nil
}

// sampleTag returns a tag to try a template on: it has all that tags can have, and no text is short.
func sampleTag() lister.Tag {
	return lister.Tag{
		Context: "production", Repository: "registry.example.com:5000/team/project/application", Tag: "1.2.3-rc.4-20260102-0304",
		Digests: []string{"sha256:" + strings.Repeat("0", 64)}, ID: "sha256:" + strings.Repeat("1", 64), Created: 1767323045, Size: 123_456_789,
		SharedSize: 23_456_789,
	}
}

func sampleRepository() lister.Repository {
	t := sampleTag()
	return lister.Repository{Context: t.Context, Name: t.Repository, Tags: 12, Size: t.Size, Created: t.Created}
}
