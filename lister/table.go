package lister

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"time"
)

// A column of the table. Its cells start at the same place in each line: after the columns before
// it, which are as wide as they say, or as their longest cell and gap.
type column[Row any] struct {
	title string
	width int                      // the last column needs none
	cell  func([]byte, Row) []byte // appends it
	total string                   // the cell of the last row, which holds the total
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
	Unique   bool      // a last column with the images' unique sizes
}

func (t Table) columns(s *store) []column[*row] {
	var all []column[*row]
	if t.Contexts {
		all = append(all, column[*row]{"CONTEXT", contextWidth, func(b []byte, r *row) []byte { return append(b, s.contexts[s.images.at(r.image).context]...) }, ""})
	}
	all = append(all,
		column[*row]{"REPOSITORY", 72, func(b []byte, r *row) []byte { return append(b, s.repos[r.repo]...) }, ""},
		column[*row]{"TAG", 27, func(b []byte, r *row) []byte { return append(b, s.texts.get(r.tag)...) }, ""})
	if t.Digests {
		all = append(all, column[*row]{"DIGEST", 74, func(b []byte, r *row) []byte { return s.appendDigest(b, r) }, ""})
	}
	total := ""
	if t.Total != nil {
		total = HumanSize(t.Total.Size, totalDigits)
	}
	all = append(all,
		column[*row]{"IMAGE ID", 20, func(b []byte, r *row) []byte { return t.appendID(b, s, r.image) }, ""},
		column[*row]{"CREATED", 20, func(b []byte, r *row) []byte { return appendCreatedSince(b, s.images.at(r.image).created, t.Now) }, "TOTAL"},
		column[*row]{"SIZE", 0, func(b []byte, r *row) []byte { return appendHumanSize(b, s.images.at(r.image).size, SizeDigits) }, total})
	if !t.Unique {
		return all
	}
	all[len(all)-1].width = 20
	if t.Total != nil {
		total = HumanSize(t.Total.Unique, totalDigits)
	}
	return append(all, column[*row]{"UNIQUE SIZE", 0, func(b []byte, r *row) []byte { return appendHumanSize(b, s.uniqueSize(r.image), SizeDigits) }, total})
}

// WriteTags writes a header to w, then a row for each of tags.
func (t Table) WriteTags(w io.Writer, tags *List) error {
	if tags == nil {
		tags = ListOf()
	}
	return writeTable(w, t.columns(tags.store), tags.Len(), tags.at, t.Total != nil)
}

// ID is the image ID of tag as the table shows it.
func (t Table) ID(tag *Tag) string {
	if t.NoTrunc {
		return tag.ID
	}
	return tag.ShortID()
}

// appendID appends the ID of the image with this number, as [Table.ID] has it.
func (t Table) appendID(b []byte, s *store, image uint32) []byte {
	id := s.images.at(image).id
	if t.NoTrunc {
		return s.ids.appendText(b, id)
	}
	return s.ids.appendShort(b, id)
}

// WriteIDs writes the image IDs of tags to w, each once, one a line. It writes nothing where one of
// them is no ID (see [IsID]) and could mean something else to a shell: its error is [ErrReference].
func (t Table) WriteIDs(w io.Writer, tags *List) error {
	if odd, found := tags.oddID(); found {
		return fmt.Errorf("image ID %s: %w", odd, ErrReference)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	for image := range tags.eachImage() {
		_, _ = out.Write(append(t.appendID(out.AvailableBuffer(), tags.store, image), '\n'))
	}
	return out.Flush() // the first error of all
}

// WriteRepos writes a header to w, then a row for each of repos, in their order.
func (t Table) WriteRepos(w io.Writer, repos []Repository) error {
	var columns []column[Repository]
	if t.Contexts {
		columns = append(columns, column[Repository]{"CONTEXT", contextWidth, func(b []byte, r Repository) []byte { return append(b, r.Context...) }, ""})
	}
	columns = append(columns, column[Repository]{"REPOSITORY", 0, func(b []byte, r Repository) []byte { return append(b, r.Name...) }, ""})
	return writeTable(w, columns, len(repos), func(i int) Repository { return repos[i] }, false)
}

// writeTable goes over n rows twice, for their widths first: cells cost less to make than to keep.
func writeTable[Row any](w io.Writer, columns []column[Row], n int, at func(int) Row, total bool) error {
	widen(columns, n, at)
	out := bufio.NewWriterSize(w, 1<<16)
	header := appendLine(nil, columns, func(b []byte, c *column[Row]) []byte { return append(b, c.title...) })
	_, _ = out.Write(header)
	usual := len(header) + len(header)/8 // bytes of a line
	err := inBlocks(n, func(lines []byte, from, to int) []byte {
		lines = slices.Grow(lines[:0], (to-from)*usual)
		for row := from; row < to; row++ {
			lines = appendLine(lines, columns, func(b []byte, c *column[Row]) []byte { return c.cell(b, at(row)) })
		}
		return lines
	}, func(lines []byte) error {
		_, err := out.Write(lines)
		return err
	})
	if err != nil {
		return err
	}
	if total {
		_, _ = out.Write(appendLine(nil, columns, func(b []byte, c *column[Row]) []byte { return append(b, c.total...) }))
	}
	return out.Flush() // the first error of all
}

// widen makes the columns as wide as the cells of n rows need.
func widen[Row any](columns []column[Row], n int, at func(int) Row) {
	_ = inBlocks(n, func(_ []int, from, to int) []int {
		var cell []byte
		widths := make([]int, len(columns)-1)
		for row := from; row < to; row++ {
			for i := range widths {
				cell = columns[i].cell(cell[:0], at(row))
				widths[i] = max(widths[i], cellWidth(cell)+gap)
			}
		}
		return widths
	}, func(widths []int) error {
		for i, width := range widths {
			columns[i].width = max(columns[i].width, width)
		}
		return nil
	})
}

// appendLine appends the cells of a line, and spaces between them.
func appendLine[Row any](b []byte, columns []column[Row], cell func([]byte, *column[Row]) []byte) []byte {
	const spaces = "                                                                        "
	last := len(columns) - 1
	for i := range columns[:last] {
		c, start := &columns[i], len(b)
		b = cell(b, c)
		missing := c.width - cellWidth(b[start:])
		for ; missing > len(spaces); missing -= len(spaces) {
			b = append(b, spaces...)
		}
		b = append(b, spaces[:missing]...)
	}
	return append(cell(b, &columns[last]), '\n')
}
