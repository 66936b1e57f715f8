package lister

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Escape makes text from outside safe to print on one line of a terminal: control characters,
// bidirectional overrides, other invisible runes and invalid UTF-8 become \x1b or \u202e.
// Everything that prints is left as it is, so Escape is idempotent.
func Escape(s string) string { return escape(s, ' ') }

// escapeCell is [Escape] for a table's cell, which holds no space either: a cell with spaces
// could pass for several.
func escapeCell(s string) string { return escape(s, '!') }

// escape leaves the ASCII characters from lowest to '~' and other printable runes alone.
func escape(s string, lowest byte) string {
	if isPlain(s, lowest) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1, r < rune(lowest), r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r) && r != utf8.RuneError: // which stands for invalid UTF-8
			b.WriteString(s[i : i+size])
		case r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += size
	}
	return b.String()
}

// isPlain tells that s has nothing but ASCII from lowest to '~', as nearly every name has.
func isPlain(s string, lowest byte) bool {
	for i := range len(s) {
		if s[i] < lowest || s[i] > '~' {
			return false
		}
	}
	return true
}
