// Package format prints listings for programs and to people's own taste: as JSON lines, or by a
// Go template with docker's placeholders and functions.
package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"text/template"

	"github.com/docker/cli/templates"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A Format is how to print a listing.
type Format struct {
	template *template.Template // nil: the table, or JSON
	json     bool
	aligned  bool // as a table, with a header of the template's own
}

// ErrTemplate is what a text that is no format fails with.
var ErrTemplate = errors.New("not a format")

// ParseTags reads the format of a listing of tags: "table" or "" (the table that never changes),
// "json" (one object a line), a Go template, or "table" and a template. Its errors wrap
// [ErrTemplate]: a broken template, or a placeholder that tags do not have.
func ParseTags(text string) (Format, error) { return newFormat(text, tagRow{}) }

// ParseRepos is [ParseTags] for a listing of repositories.
func ParseRepos(text string) (Format, error) { return newFormat(text, repoRow{}) }

func newFormat(text string, row any) (Format, error) {
	body, aligned := strings.CutPrefix(text, "table ")
	switch strings.TrimSpace(text) {
	case "", "table":
		return Format{}, nil
	case "json":
		return Format{json: true}, nil
	}
	// As docker does, for shells in which a tab is hard to write.
	body = strings.NewReplacer(`\t`, "\t", `\n`, "\n").Replace(strings.Trim(body, " "))
	parsed, err := templates.Parse(body)
	if err == nil {
		err = checkFields(parsed, row)
	}
	if err == nil { // a function with too few arguments, and the like
		err = parsed.Execute(io.Discard, row)
	}
	if err != nil {
		return Format{}, fmt.Errorf("%w: %s", ErrTemplate, strings.TrimPrefix(err.Error(), "template: "))
	}
	return Format{template: parsed, aligned: aligned}, nil
}

// IsTable tells that the format is the table that never changes.
func (f Format) IsTable() bool { return f.template == nil && !f.json }

// WriteTags writes tags to w as options say. A total comes last: in JSON as an object of its own;
// templates have none.
func (f Format) WriteTags(w io.Writer, tags []lister.Tag, options lister.Table) error {
	if f.IsTable() {
		return options.WriteTags(w, tags)
	}
	rows := make([]any, 0, len(tags)+1)
	for _, t := range tags {
		rows = append(rows, newTagRow(t, options))
	}
	if options.Total != nil && f.json {
		rows = append(rows, totalJSON{options.Total.Size, options.Total.Images, options.Total.Tags})
	}
	return f.write(w, rows, tagHeader())
}

// WriteRepos writes repositories to w as options say.
func (f Format) WriteRepos(w io.Writer, repos []lister.Repository, options lister.Table) error {
	if f.IsTable() {
		return options.WriteRepos(w, repos)
	}
	rows := make([]any, 0, len(repos))
	for _, r := range repos {
		rows = append(rows, newRepoRow(r, options))
	}
	return f.write(w, rows, repoHeader())
}

// write writes nothing unless all rows can be written.
func (f Format) write(w io.Writer, rows []any, header map[string]string) error {
	var out bytes.Buffer
	for _, row := range rows {
		if err := f.row(&out, row); err != nil {
			return err
		}
	}
	if !f.aligned {
		_, err := out.WriteTo(w)
		return err
	}
	aligned := tabwriter.NewWriter(w, 10, 1, 3, ' ', 0)
	titles, err := f.template.Clone()
	if err == nil {
		err = titles.Funcs(templates.HeaderFunctions).Execute(aligned, header)
	}
	if err == nil {
		_, err = fmt.Fprintf(aligned, "\n%s", out.Bytes())
	}
	return errors.Join(err, aligned.Flush())
}

func (f Format) row(out *bytes.Buffer, row any) error {
	if f.json {
		return writeJSON(out, row)
	}
	err := f.template.Execute(out, row)
	out.WriteByte('\n')
	return err
}
