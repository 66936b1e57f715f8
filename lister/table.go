package lister

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"time"
)

// SizeDigits are the significant digits of a size; those of a total are one more.
const (
	SizeDigits  = 3
	totalDigits = 4
)

// A Table is how to print tags. The zero Table, but for Now, is the one that never changes.
type Table struct {
	Now      time.Time // what ages are reckoned from
	Total    *Total    // in a last row; nil: no such row
	Contexts bool      // a first column with the tags' contexts
	Digests  bool      // a column with their digests, after TAG
	NoTrunc  bool      // image IDs in full
	Unique   bool      // a last column with the images' unique sizes
}

// WriteTags writes a header to w, then a row for each of tags.
func (t Table) WriteTags(w io.Writer, tags []*Tag) error {
	names := []string{"Repository", "Tag", "ID", "CreatedSince", "Size"}
	if t.Digests {
		names = slices.Insert(names, 2, "Digest")
	}
	if t.Unique {
		names = append(names, "UniqueSize")
	}
	var totals map[string]string
	if t.Total != nil {
		totals = map[string]string{
			"CreatedSince": "TOTAL", "Size": HumanSize(t.Total.Size, totalDigits), "UniqueSize": HumanSize(t.Total.Unique, totalDigits),
		}
	}
	return write(w, &t, pick(TagColumns(), t.withContext(names)), tags, totals)
}

// WriteRepos writes a header to w, then a row for each of repos.
func (t Table) WriteRepos(w io.Writer, repos []*Repository) error {
	return write(w, &t, pick(RepositoryColumns(), t.withContext([]string{"Repository"})), repos, nil)
}

func (t Table) withContext(names []string) []string {
	if t.Contexts {
		return slices.Insert(names, 0, "Context")
	}
	return names
}

// ID returns the image ID of tag as the table shows it.
func (t Table) ID(tag *Tag) string {
	if t.NoTrunc {
		return tag.ID
	}
	return tag.ShortID()
}

// WriteIDs writes the image IDs of tags to w, each once, one per line. It writes nothing where one of
// them is no ID (see [IsID]) and could mean something else to a shell: its error is [ErrReference].
func (t Table) WriteIDs(w io.Writer, tags []*Tag) error {
	for _, t := range tags {
		if !IsID(t.ID) {
			return fmt.Errorf("image ID %s: %w", t.ID, ErrReference)
		}
	}
	out := bufio.NewWriterSize(w, 1<<16)
	written := make(map[string]bool, len(tags))
	for _, tag := range tags {
		if !written[tag.ID] {
			written[tag.ID] = true
			_, _ = out.WriteString(t.ID(tag) + "\n")
		}
	}
	return out.Flush() // the first error of all
}

// pick returns the columns with these names, in the order of the names.
func pick[Row any](columns []Column[Row], names []string) []Column[Row] {
	picked := make([]Column[Row], len(names))
	for i, name := range names {
		picked[i] = columns[slices.IndexFunc(columns, func(c Column[Row]) bool { return c.Name == name })]
	}
	return picked
}

// write prints rows, and totals, which are cells by the names of their columns; nil: there are none. A
// cell that is wider than its column widens it for all rows, so it goes over the rows twice: making a
// cell costs less than keeping it.
func write[Row any](w io.Writer, t *Table, columns []Column[Row], rows []*Row, totals map[string]string) error {
	const gap = 3
	widths := make([]int, len(columns)-1) // the last column needs none
	for i := range widths {
		widths[i] = columns[i].Width
		for _, row := range rows {
			widths[i] = max(widths[i], cellWidth(columns[i].Text(row, t))+gap)
		}
	}
	out := bufio.NewWriterSize(w, 1<<16)
	writeLine := func(text func(column *Column[Row]) string) {
		for i := range columns {
			cell := text(&columns[i])
			_, _ = out.WriteString(cell)
			if i < len(widths) {
				writeSpaces(out, widths[i]-cellWidth(cell))
			}
		}
		_ = out.WriteByte('\n')
	}
	writeLine(func(c *Column[Row]) string { return c.Title })
	for _, row := range rows {
		writeLine(func(c *Column[Row]) string { return c.Text(row, t) })
	}
	if totals != nil {
		writeLine(func(c *Column[Row]) string { return totals[c.Name] })
	}
	return out.Flush() // the first error of all
}

func writeSpaces(out *bufio.Writer, n int) {
	const spaces = "                                                                        "
	for ; n > len(spaces); n -= len(spaces) {
		_, _ = out.WriteString(spaces)
	}
	_, _ = out.WriteString(spaces[:n])
}
