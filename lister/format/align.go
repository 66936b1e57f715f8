package format

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"
)

// An aligner makes columns of the cells that tabs end, as text/tabwriter does: a column lasts as long
// as lines have a cell in it. That one holds the whole text; this one has it written twice, first to
// see how wide the columns are.
type aligner struct {
	out     *bufio.Writer // nil: to see how wide
	blocks  [][]int       // the widths of each column's blocks, which are runs of lines that have it
	current []int         // the number of each column's open block, from 1 on; 0: none is open
	met     []int         // how many blocks of each column there were
	line    []byte        // as far as it has come
}

const (
	narrowest = 10
	padding   = 3
)

func (a *aligner) Write(p []byte) (int, error) {
	n := len(p)
	for {
		line, rest, ends := bytes.Cut(p, []byte{'\n'})
		a.line = append(a.line, line...)
		if !ends {
			return n, nil
		}
		p = rest
		if err := a.endLine(); err != nil {
			return 0, err
		}
		a.line = a.line[:0]
	}
}

// endLine goes over the cells of a line.
func (a *aligner) endLine() error {
	line, column := a.line, 0
	for {
		cell, rest, ends := bytes.Cut(line, []byte{'\t'})
		if !ends {
			break
		}
		a.cell(column, cell)
		line, column = rest, column+1
	}
	for i := column; i < len(a.current); i++ {
		a.current[i] = 0
	}
	if a.out == nil {
		return nil
	}
	_, _ = a.out.Write(line)
	return a.out.WriteByte('\n') // the first error of all
}

func (a *aligner) cell(column int, cell []byte) {
	if column == len(a.current) {
		a.current, a.met = append(a.current, 0), append(a.met, 0)
		if a.out == nil {
			a.blocks = append(a.blocks, nil)
		}
	}
	if a.current[column] == 0 {
		a.met[column]++
		a.current[column] = a.met[column]
		if a.out == nil {
			a.blocks[column] = append(a.blocks[column], narrowest)
		}
	}
	width := &a.blocks[column][a.current[column]-1]
	runes := utf8.RuneCount(cell)
	if a.out == nil {
		*width = max(*width, runes+padding)
		return
	}
	_, _ = a.out.Write(cell)
	for range *width - runes {
		_ = a.out.WriteByte(' ')
	}
}

// align writes to w what write writes, twice, in columns.
func align(w io.Writer, write func(io.Writer) error) error {
	var widths aligner
	if err := write(&widths); err != nil {
		return err
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if err := write(&aligner{out: out, blocks: widths.blocks}); err != nil {
		return err
	}
	return out.Flush()
}
