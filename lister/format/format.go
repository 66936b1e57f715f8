// Package format prints listings for programs and to people's own taste: as JSON lines, or by a
// Go template with docker's placeholders and functions.
package format

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"text/template"

	"github.com/docker/cli/templates"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A Format is how to print a listing.
type Format struct {
	template *template.Template // nil: the table, or JSON
	plain    plain              // the template's parts, if it is that simple
	uses     map[string]bool    // fields that the template names; "": it takes the row as a whole
	made     made               // what is made for the template
	canFail  bool               // the template, on some rows
	json     bool
	aligned  bool // as a table, with a header of the template's own
}

// made are the fields that cost something, and are made only if the template may print them.
type made struct{ since, at, size, usage bool }

// ErrFormat is what a text that is no format fails with.
var ErrFormat = errors.New("not a format")

// ErrRow is what a listing fails with that has a row which the template cannot print.
var ErrRow = errors.New("the template fails")

// ParseTags reads the format of a listing of tags: "table" or "" (the table that never changes),
// "json" (one object a line), a Go template, or "table" and a template. Its errors wrap
// [ErrFormat]: a word that is none of them, a broken template, or a field that tags do not have.
func ParseTags(text string) (Format, error) {
	row := &tagRow{}
	return newFormat(text, tagFields(), row, func(f Format) { f.fill(row, sampleTag(), lister.Table{}) })
}

// ParseRepos is [ParseTags] for a listing of repositories.
func ParseRepos(text string) (Format, error) {
	row := &repoRow{}
	return newFormat(text, repoFields(), row, func(Format) { row.fill(sampleRepo(), lister.Table{}) })
}

func newFormat(text string, fields []field, row any, fill func(Format)) (Format, error) {
	body, aligned := strings.CutPrefix(text, "table ")
	switch strings.TrimSpace(text) {
	case "", "table":
		return Format{}, nil
	case "json":
		return Format{json: true}, nil
	}
	if !strings.Contains(body, "{{") {
		return Format{}, fmt.Errorf("%w: neither table, json nor a template such as {{.%s}}", ErrFormat, names(fields)[1])
	}
	// As docker does, for shells in which a tab is hard to write.
	body = strings.NewReplacer(`\t`, "\t", `\n`, "\n").Replace(strings.Trim(body, " "))
	f := Format{aligned: aligned, uses: map[string]bool{}}
	var err error
	if f.template, err = templates.Parse(body); err == nil {
		var uses []string
		uses, err = usesOf(f.template, names(fields))
		for _, name := range uses {
			f.uses[name] = true
		}
		f.canFail, f.plain = canFail(f.template), plainOf(f.template, row)
		f.made = made{
			since: f.makes("CreatedSince"), at: f.makes("CreatedAt"), size: f.makes("Size"),
			usage: f.makes("SharedSize") || f.makes("UniqueSize") || f.makes("Containers"),
		}
	}
	if err == nil {
		fill(f) // with a sample
		err = f.template.Execute(io.Discard, row)
	}
	if err != nil && !dependsOnRow(err) {
		return Format{}, fmt.Errorf("%w: %s", ErrFormat, strings.TrimPrefix(err.Error(), "template: "))
	}
	return f, nil
}

// dependsOnRow reports whether a template failed for what a function made of its arguments, such as a text
// that is too short. Too few arguments, and the like, no row can mend.
func dependsOnRow(err error) bool {
	var failed template.ExecError
	return errors.As(err, &failed) && errors.Unwrap(failed.Err) != nil
}

// IsTable reports whether the format is the table that never changes.
func (f Format) IsTable() bool { return f.template == nil && !f.json }

// IsTemplate reports whether the format is a template, which has no place for a total.
func (f Format) IsTemplate() bool { return f.template != nil }

// makes reports whether the template may print a field.
func (f Format) makes(field string) bool { return f.uses[field] || f.uses[""] }

// NeedsDigests reports whether the format is made of digests, among others: see [lister.Lister].
func (f Format) NeedsDigests() bool { return f.json || f.makes("Digest") || f.uses["Reference"] }

// NeedsUsage reports whether the format says how many containers use an image.
func (f Format) NeedsUsage() bool { return f.json || f.makes("Containers") }

// NeedsSharedSize reports whether the format names what images share. A format of all fields has it only
// where it is there anyway: engines have to compare all images for it.
func (f Format) NeedsSharedSize() bool { return f.uses["SharedSize"] || f.uses["UniqueSize"] }

// WriteTags writes tags to w as options say. A total comes last: in JSON as an object of its own;
// templates have none.
func (f Format) WriteTags(w io.Writer, tags *lister.List, options lister.Table) error {
	switch {
	case f.json:
		return writeJSON(w, tags.All(), appendTag, options.Total)
	case f.template == nil:
		return options.WriteTags(w, tags)
	}
	row := &tagRow{} // one for all
	return write(w, f, tags.All(), row, func(t *lister.Tag) { f.fill(row, t, options) }, tagFields())
}

// WriteRepos writes repositories to w as options say.
func (f Format) WriteRepos(w io.Writer, repos []lister.Repository, options lister.Table) error {
	switch {
	case f.json:
		return writeJSON(w, slices.Values(repos), appendRepo, nil)
	case f.template == nil:
		return options.WriteRepos(w, repos)
	}
	row := &repoRow{} // one for all
	return write(w, f, slices.Values(repos), row, func(r lister.Repository) { row.fill(r, options) }, repoFields())
}

// rowError tells of the template's error on row i. Where the row has no reference, that says it all.
func rowError(i int, err error) error {
	if !errors.As(err, new(template.ExecError)) {
		return err // the writer's
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		if errors.Unwrap(e) == lister.ErrReference { //nolint:errorlint // the one that wraps it, not those around
			return e
		}
	}
	return fmt.Errorf("%w on row %d: %s; try: a condition around it, as in {{if ne .Tag \"<none>\"}}…{{end}}",
		ErrRow, i, strings.TrimPrefix(err.Error(), "template: "))
}

// write carries out the template of f on rows, of which fill makes row one after the other. It writes
// nothing unless it can on all of them.
func write[Row any](w io.Writer, f Format, rows iter.Seq[Row], row any, fill func(Row), fields []field) error {
	all := func(w io.Writer) error {
		i, line := 0, f.line(row)
		for r := range rows {
			i++
			fill(r)
			if err := line(w); err != nil {
				return rowError(i, err)
			}
		}
		return nil
	}
	if f.aligned { // which tries all rows before it writes
		return align(w, func(w io.Writer) error {
			// As with docker, what cannot be made of titles is left out.
			if titles, err := f.template.Clone(); err == nil {
				_ = titles.Funcs(templates.HeaderFunctions).Execute(w, titlesOf(fields))
			}
			_, _ = w.Write([]byte{'\n'})
			return all(w)
		})
	}
	if f.canFail {
		if err := all(io.Discard); err != nil {
			return err
		}
	}
	out := bufio.NewWriterSize(w, 1<<16)
	return cmp.Or(all(out), out.Flush())
}

// line returns what writes the line of row as it is then.
func (f Format) line(row any) func(io.Writer) error {
	if f.plain == nil {
		return func(w io.Writer) error {
			if err := f.template.Execute(w, row); err != nil {
				return err
			}
			_, err := w.Write([]byte{'\n'})
			return err
		}
	}
	texts, line := f.plain.of(row), []byte(nil)
	return func(w io.Writer) error {
		line = line[:0]
		for _, text := range texts {
			line = append(line, *text...)
		}
		_, err := w.Write(append(line, '\n'))
		return err
	}
}
