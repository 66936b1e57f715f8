package lister

import "strings"

// chunks are a list that grows without being copied.
type chunks[T any] struct {
	parts [][]T
	n     uint32
}

const chunk = 1 << 12 // elements

func (c *chunks[T]) add(v T) (number uint32) {
	last := len(c.parts) - 1
	if last < 0 || len(c.parts[last]) == chunk {
		var part []T
		if last >= 0 { // else there may never be more than a few
			part = make([]T, 0, chunk)
		}
		c.parts, last = append(c.parts, part), last+1
	}
	c.parts[last] = append(c.parts[last], v)
	c.n++
	return c.n - 1
}

func (c *chunks[T]) at(number uint32) *T { return &c.parts[number/chunk][number%chunk] }

// texts hold texts that the garbage collector need not follow one by one.
type texts struct{ parts []*strings.Builder }

// A text is one of texts: where it starts, and how long it is.
type text struct{ at, size uint32 }

// part is how many bytes a part of texts holds at least, and what its number counts in.
const part = 1 << 16

func (t *texts) add(s string) text {
	last := len(t.parts) - 1
	if last < 0 || t.parts[last].Cap()-t.parts[last].Len() < len(s) || t.parts[last].Len() >= part {
		b := &strings.Builder{}
		b.Grow(max(len(s), part))
		t.parts, last = append(t.parts, b), last+1
	}
	b := t.parts[last]
	at := uint32(last*part + b.Len()) //nolint:gosec // of an answer that is shorter
	b.WriteString(s)
	return text{at, uint32(len(s))} //nolint:gosec // likewise
}

func (t *texts) get(s text) string {
	if s.size == 0 {
		return ""
	}
	return t.parts[s.at/part].String()[s.at%part:][:s.size]
}
