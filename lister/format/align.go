package format

import (
	"bufio"
	"bytes"
	"cmp"
	"io"
	"strings"
	"unicode/utf8"
)

// An aligner makes columns of the cells that tabs end, as text/tabwriter does: a column lasts as long
// as lines have a cell in it. That one holds the whole text; this one has it written twice, first to
// nowhere, to measure the columns. Whole lines are written each time.
type aligner struct {
	out     *bufio.Writer
	columns []alignedColumn
}

type alignedColumn struct {
	widths []int // of its blocks, which are runs of lines that have it
	met    int   // blocks so far
	open   bool  // the last line had it
}

func (a *aligner) Write(lines []byte) (int, error) {
	tab := []byte{'\t'}
	for line := range bytes.Lines(lines) {
		column := 0
		for cell, rest, ends := bytes.Cut(line, tab); ends; cell, rest, ends = bytes.Cut(line, tab) {
			a.cell(column, cell)
			line, column = rest, column+1
		}
		for i := column; i < len(a.columns); i++ {
			a.columns[i].open = false
		}
		if _, err := a.out.Write(line); err != nil { // the first of all
			return 0, err
		}
	}
	return len(lines), nil
}

func (a *aligner) cell(column int, cell []byte) {
	const narrowest, padding = 10, 3
	if column == len(a.columns) {
		a.columns = append(a.columns, alignedColumn{})
	}
	c := &a.columns[column]
	if !c.open {
		c.open = true
		c.met++
		if c.met > len(c.widths) {
			c.widths = append(c.widths, narrowest)
		}
	}
	width, runes := &c.widths[c.met-1], utf8.RuneCount(cell)
	*width = max(*width, runes+padding)
	_, _ = a.out.Write(cell)
	_, _ = a.out.WriteString(strings.Repeat(" ", *width-runes))
}

// align writes to w what write writes, twice, in columns.
func align(w io.Writer, write func(io.Writer) error) error {
	var a aligner
	for _, out := range []io.Writer{io.Discard, w} {
		a.out = bufio.NewWriterSize(out, 1<<16)
		for i := range a.columns {
			a.columns[i].met, a.columns[i].open = 0, false
		}
		if err := cmp.Or(write(&a), a.out.Flush()); err != nil {
			return err
		}
	}
	return nil
}
