package lister

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// A column of the table. Its cells start at the same place in each line: after the columns before
// it, which are as wide as they say, or as their longest cell and gap.
type column[Row any] struct {
	title string
	width int // the last column needs none
	cell  func(*Row) string
	total string // the cell of the last row, which holds the total
}

const (
	gap          = 3
	contextWidth = 20
)

// SizeDigits are the significant digits of a size; those of the total are one more.
const (
	SizeDigits  = 3
	totalDigits = 4
)

// A Table is how to print tags. The zero Table, but for Now, is the one that never changes.
type Table struct {
	Now      time.Time // what ages are reckoned from
	Total    *Total    // a last row with this total; nil: none
	Contexts bool      // a first column with the tags' contexts
	Digests  bool      // a column with their digests, after TAG
	NoTrunc  bool      // image IDs in full
}

func (t Table) columns() []column[Tag] {
	var all []column[Tag]
	if t.Contexts {
		all = append(all, column[Tag]{"CONTEXT", contextWidth, func(t *Tag) string { return t.Context }, ""})
	}
	all = append(all,
		column[Tag]{"REPOSITORY", 72, func(t *Tag) string { return t.Repository }, ""},
		column[Tag]{"TAG", 27, func(t *Tag) string { return t.Tag }, ""})
	if t.Digests {
		all = append(all, column[Tag]{"DIGEST", 74, (*Tag).Digest, ""})
	}
	total := ""
	if t.Total != nil {
		total = HumanSize(t.Total.Size, totalDigits)
	}
	return append(all,
		column[Tag]{"IMAGE ID", 20, t.ID, ""},
		column[Tag]{"CREATED", 20, func(tag *Tag) string { return CreatedSince(tag.Created, t.Now) }, "TOTAL"},
		column[Tag]{"SIZE", 0, func(tag *Tag) string { return HumanSize(tag.Size, SizeDigits) }, total})
}

// WriteTags writes a header to w, then a row for each of tags, in their order.
func (t Table) WriteTags(w io.Writer, tags []Tag) error {
	return writeTable(w, t.columns(), tags, t.Total != nil)
}

// ID is the image ID of tag as the table shows it.
func (t Table) ID(tag *Tag) string {
	if t.NoTrunc {
		return tag.ID
	}
	return tag.ShortID()
}

// WriteIDs writes the image IDs of tags to w, each once, one a line. It writes nothing where one of
// them is no ID (see [IsID]) and could mean something else to a shell: its error is [ErrReference].
func (t Table) WriteIDs(w io.Writer, tags []Tag) error {
	for i := range tags {
		if !IsID(tags[i].ID) {
			return fmt.Errorf("image ID %s: %w", tags[i].ID, ErrReference)
		}
	}
	out := bufio.NewWriter(w)
	seen := make(map[string]bool, len(tags))
	for i := range tags {
		tag := &tags[i]
		if seen[tag.ID] {
			continue
		}
		seen[tag.ID] = true
		_, _ = out.WriteString(t.ID(tag))
		_ = out.WriteByte('\n')
	}
	return out.Flush() // the first error of all
}

// WriteRepos writes a header to w, then a row for each of repos, in their order.
func (t Table) WriteRepos(w io.Writer, repos []Repository) error {
	var columns []column[Repository]
	if t.Contexts {
		columns = append(columns, column[Repository]{"CONTEXT", contextWidth, func(r *Repository) string { return r.Context }, ""})
	}
	columns = append(columns, column[Repository]{"REPOSITORY", 0, func(r *Repository) string { return r.Name }, ""})
	return writeTable(w, columns, repos, false)
}

// writeTable goes over rows twice, for widths and for rows: cells cost less to make than to keep.
func writeTable[Row any](w io.Writer, columns []column[Row], rows []Row, total bool) error {
	last := len(columns) - 1
	for i := range columns[:last] {
		c := &columns[i]
		for j := range rows {
			c.width = max(c.width, cellWidth(c.cell(&rows[j]))+gap)
		}
	}
	out := bufio.NewWriter(w)
	line := func(cell func(column[Row]) string) {
		for _, c := range columns[:last] {
			text := cell(c)
			_, _ = out.WriteString(text)
			pad(out, c.width-cellWidth(text))
		}
		_, _ = out.WriteString(cell(columns[last]))
		_ = out.WriteByte('\n')
	}
	line(func(c column[Row]) string { return c.title })
	for i := range rows {
		line(func(c column[Row]) string { return c.cell(&rows[i]) })
	}
	if total {
		line(func(c column[Row]) string { return c.total })
	}
	return out.Flush() // the first error of all
}

func pad(out *bufio.Writer, columns int) {
	const spaces = "                                                                        "
	for ; columns > len(spaces); columns -= len(spaces) {
		_, _ = out.WriteString(spaces)
	}
	_, _ = out.WriteString(spaces[:columns])
}
