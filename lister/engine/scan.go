package engine

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// The functions here go over JSON that starts in b at i, and return where it ends. Less than 0 is
// short where b ends before, and else the complement of where b is not JSON. They take what
// encoding/json/jsontext takes, with names given twice and invalid UTF-8 allowed, and a listing of
// many images in half of its time.

const (
	short   = math.MinInt
	deepest = 10_000 // objects and lists in each other
)

// fail is why b cannot go on as it does at i.
func fail(b []byte, i int) int {
	if i >= len(b) {
		return short
	}
	return ^i
}

// next is the first byte from i on that is no white space, and where it is. It is 0, which is in no
// JSON, at the end.
func next(b []byte, i int) (c byte, at int) {
	for ; i < len(b); i++ {
		switch b[i] {
		case ' ', '\t', '\n', '\r':
		default:
			return b[i], i
		}
	}
	return 0, i
}

func scanValue(b []byte, i, depth int) int {
	if i >= len(b) {
		return short
	}
	switch c := b[i]; {
	case c == '"':
		return scanText(b, i)
	case c == '-', '0' <= c && c <= '9':
		return scanNumber(b, i)
	case c == '{', c == '[':
		return scanNested(b, i, depth, nil)
	case c == 't':
		return scanLiteral(b, i, "true")
	case c == 'f':
		return scanLiteral(b, i, "false")
	case c == 'n':
		return scanLiteral(b, i, "null")
	}
	return ^i
}

func scanLiteral(b []byte, i int, literal string) int {
	for j := range len(literal) {
		if i+j >= len(b) || b[i+j] != literal[j] {
			return fail(b, i+j)
		}
	}
	return i + len(literal)
}

// scanText looks at eight bytes at a time for the end, an escape or a control character.
func scanText(b []byte, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for i++; ; {
		for i+8 <= len(b) {
			w := binary.LittleEndian.Uint64(b[i:])
			quote, escape := w^ones*'"', w^ones*'\\'
			if found := ((quote-ones)&^quote | (escape-ones)&^escape | (w-ones*' ')&^w) & highs; found != 0 {
				i += bits.TrailingZeros64(found) / 8
				break
			}
			i += 8
		}
		switch {
		case i >= len(b):
			return short
		case b[i] == '"':
			return i + 1
		case b[i] == '\\':
			if i = scanEscape(b, i); i < 0 {
				return i
			}
		case b[i] < ' ':
			return ^i
		default:
			i++
		}
	}
}

func scanEscape(b []byte, i int) int {
	if i++; i >= len(b) {
		return short
	}
	switch b[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		for range 4 {
			if i++; i >= len(b) || !isHexDigit(b[i]) {
				return fail(b, i)
			}
		}
		return i + 1
	}
	return ^i
}

func isHexDigit(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// scanNumber is short where b ends with the number, which may go on.
func scanNumber(b []byte, i int) int {
	if b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if i = scanDigits(b, i); i < 0 {
		return i
	}
	if i < len(b) && b[i] == '.' {
		if i = scanDigits(b, i+1); i < 0 {
			return i
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if i = scanDigits(b, i); i < 0 {
			return i
		}
	}
	if i >= len(b) {
		return short
	}
	return i
}

// scanDigits goes over one digit at least.
func scanDigits(b []byte, i int) int {
	start := i
	for i < len(b) && '0' <= b[i] && b[i] <= '9' {
		i++
	}
	if i == start {
		return fail(b, i)
	}
	return i
}

// scanNested goes over an object or a list, and tells found, unless it is nil, of an object's names, in
// their quotes, and values.
func scanNested(b []byte, i, depth int, found func(name, value span)) int {
	if depth == deepest {
		return ^i
	}
	isObject, closing := b[i] == '{', b[i]+2 // in ASCII
	c, i := next(b, i+1)
	if c == closing {
		return i + 1
	}
	for {
		name := span{from: i}
		if isObject {
			name.to, i = scanName(b, i)
		}
		value := span{from: i}
		if i >= 0 {
			i = scanValue(b, i, depth+1)
		}
		if i < 0 {
			return i
		}
		if found != nil {
			value.to = i
			found(name, value)
		}
		switch c, i = next(b, i); c {
		case ',':
			_, i = next(b, i+1)
		case closing:
			return i + 1
		default:
			return fail(b, i)
		}
	}
}

// scanName goes over a name and its colon to the value. The name ends at end, in its quotes.
func scanName(b []byte, i int) (end, value int) {
	if i >= len(b) || b[i] != '"' {
		return 0, fail(b, i)
	}
	if end = scanText(b, i); end < 0 {
		return 0, end
	}
	c, i := next(b, end)
	if c != ':' {
		return 0, fail(b, i)
	}
	_, value = next(b, i+1)
	return end, value
}
