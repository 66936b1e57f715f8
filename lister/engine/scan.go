package engine

import "bytes"

// A scanner goes over a JSON value that is known to be whole, so nothing here can fail.
type scanner struct {
	json []byte
	at   int
}

// next is the value that comes next: past white space, and the comma or colon before it.
func (s *scanner) next() []byte {
	for isBetween(s.json[s.at]) {
		s.at++
	}
	start := s.at
	s.skip()
	return s.json[start:s.at]
}

// enter goes past the bracket that opens an object or a list.
func (s *scanner) enter() { s.at++ }

// more reports whether there is another value before the bracket that closes.
func (s *scanner) more() bool {
	for isBetween(s.json[s.at]) {
		s.at++
	}
	return s.json[s.at] != '}' && s.json[s.at] != ']'
}

// skip goes past the value that starts here.
func (s *scanner) skip() {
	switch s.json[s.at] {
	case '"':
		s.skipText()
	case '{', '[':
		s.skipNested()
	default: // a number or a literal
		for s.at++; s.at < len(s.json) && !isBetween(s.json[s.at]) && s.json[s.at] != '}' && s.json[s.at] != ']'; {
			s.at++
		}
	}
}

func (s *scanner) skipText() {
	for s.at++; ; s.at++ {
		s.at += bytes.IndexByte(s.json[s.at:], '"')
		escapes := 0
		for s.json[s.at-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			s.at++
			return
		}
	}
}

func (s *scanner) skipNested() {
	for depth := 0; ; {
		switch s.json[s.at] {
		case '"':
			s.skipText()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if s.at++; depth == 0 {
			return
		}
	}
}

// isBetween reports whether a byte is what stands between values.
func isBetween(c byte) bool {
	switch c {
	case ' ', '\t', '\n', '\r', ',', ':':
		return true
	}
	return false
}
