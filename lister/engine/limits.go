package engine

import (
	"fmt"
	"io"
)

// limits are the most that an answer may have, so that no engine can exhaust this machine's memory, nor
// fill a disk with the listing: the peak is at most 3 times the answer, and 64 MiB.
type limits struct {
	answer  int64 // bytes
	element int64 // bytes of one image
	name    int   // bytes of one name
	rows    int64 // bytes of memory that rows take beside their names, and 2 more for each byte of the answer
}

// generous limits are far beyond any engine's answer: a million images take about 600 MB, and no
// reference has more than 384 bytes.
func generous() limits {
	return limits{answer: 1 << 30, element: 8 << 20, name: 1 << 10, rows: 48 << 20}
}

// What rows take, in bytes of memory beside their names.
const (
	perName    = 200 // an image, a tag, a digest or a label
	perPair    = 16  // a tag and a digest of its image: the tag's row shows both
	perInvalid = 7   // a byte that may be shown escaped
)

// A meter reads an answer and measures it. Past a limit it fails, where io.LimitReader would feign an end.
type meter struct {
	most    limits
	r       io.Reader
	name    string // what errors call an element
	n       int    // whole elements so far
	answer  int64  // bytes so far
	element int64  // bytes since the last whole element
	rows    int64  // bytes of memory
	err     error  // the limit past which nothing is read
}

func (m *meter) Read(p []byte) (int, error) {
	switch {
	case m.answer >= m.most.answer:
		m.err = fmt.Errorf("it is longer than %d MiB", m.most.answer>>20)
		return 0, m.err
	case m.element >= m.most.element:
		m.err = fmt.Errorf("%s %d is longer than %d MiB", m.name, m.n+1, m.most.element>>20)
		return 0, m.err
	}
	n, err := m.r.Read(p)
	m.answer += int64(n)
	m.element += int64(n)
	return n, err
}

// add counts the names of an image, and the pairs of its tags and digests.
func (m *meter) add(pairs int, names ...string) error {
	m.rows += int64(pairs) * perPair
	for _, name := range names {
		if len(name) > m.most.name {
			return fmt.Errorf("has a name of more than %d bytes", m.most.name)
		}
		if err := m.addText(name); err != nil {
			return err
		}
	}
	return nil
}

// addText counts a text that rows hold.
func (m *meter) addText(text string) error {
	m.rows += perName
	for i := range len(text) {
		if c := text[i]; c <= ' ' || c > '~' || c == '#' || c == ':' && i > 0 && text[i-1] == c {
			m.rows += perInvalid
		}
	}
	if most := m.most.rows + 2*m.answer; m.rows > most {
		return fmt.Errorf("needs more than the %d MiB of memory that such an answer may take", most>>20)
	}
	return nil
}
