package lister

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// SizeDigits are the significant digits of a size; those of a total are one more.
const (
	SizeDigits  = 3
	totalDigits = 4
)

// A Table is how to print rows. The zero Table, but for Now, is the one that never changes.
type Table struct {
	Now      time.Time // what ages are reckoned from
	Total    *Total    // in a last row; nil: no such row
	Contexts bool      // a first column with the contexts
	Digests  bool      // a column with the digests, after TAG
	NoTrunc  bool      // image IDs in full
	Unique   bool      // a last column with the images' unique sizes
}

// WriteTags writes a header to w, then a line for each of tags.
func (t Table) WriteTags(w io.Writer, tags []*Row) error {
	names := []string{"Repository", "Tag", "ID", "CreatedSince", "Size"}
	if t.Digests {
		names = slices.Insert(names, 2, "Digest")
	}
	if t.Unique {
		names = append(names, "UniqueSize")
	}
	return t.write(w, tags, names)
}

// WriteRepos writes a header to w, then a line for each of repos.
func (t Table) WriteRepos(w io.Writer, repos []*Row) error {
	return t.write(w, repos, []string{"Repository"})
}

// ID returns the image ID of row as the table shows it.
func (t Table) ID(row *Row) string {
	if t.NoTrunc {
		return row.ID
	}
	return row.ShortID()
}

// WriteIDs writes the image IDs of tags to w, each once, one per line. It writes nothing where one of
// them is no ID (see [IsID]) and could mean something else to a shell: its error is [ErrReference].
func (t Table) WriteIDs(w io.Writer, tags []*Row) error {
	for _, row := range tags {
		if !IsID(row.ID) {
			return fmt.Errorf("image ID %s: %w", row.ID, ErrReference)
		}
	}
	out := bufio.NewWriterSize(w, 1<<16)
	written := make(map[string]bool, len(tags))
	for _, row := range tags {
		if !written[row.ID] {
			written[row.ID] = true
			_, _ = out.WriteString(t.ID(row) + "\n")
		}
	}
	return out.Flush() // the first error of all
}

// write prints the columns with these names. A cell that is wider than its column widens it for all rows,
// so it goes over the rows twice: making a cell costs less than keeping it.
func (t Table) write(w io.Writer, rows []*Row, names []string) error {
	if t.Contexts {
		names = slices.Insert(names, 0, "Context")
	}
	const gap = 3
	columns := pick(names...)
	last := len(columns) - 1
	for i := range columns[:last] {
		c := &columns[i]
		for _, row := range rows {
			c.Width = max(c.Width, cellWidth(c.Text(row, &t))+gap)
		}
	}
	out := bufio.NewWriterSize(w, 1<<16)
	writeLine := func(cell func(c *Column) string) {
		for i := range columns {
			text := cell(&columns[i])
			_, _ = out.WriteString(text)
			if i < last {
				_, _ = out.WriteString(strings.Repeat(" ", columns[i].Width-cellWidth(text)))
			}
		}
		_ = out.WriteByte('\n')
	}
	writeLine(func(c *Column) string { return c.Title })
	for _, row := range rows {
		writeLine(func(c *Column) string { return c.Text(row, &t) })
	}
	if t.Total != nil {
		cells := map[string]string{
			"CreatedSince": "TOTAL", "Size": HumanSize(t.Total.Size, totalDigits), "UniqueSize": HumanSize(t.Total.Unique, totalDigits),
		}
		writeLine(func(c *Column) string { return cells[c.Name] })
	}
	return out.Flush() // the first error of all
}
