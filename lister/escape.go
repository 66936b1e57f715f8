package lister

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Escape makes text from outside safe to print on a line of a terminal or of a CI job's log.
// Control characters, bidirectional overrides, other runes that leave no ink, combining marks that
// stand alone and invalid UTF-8 become \x1b or \u202e. So do a # and a : at the start, by which
// GitHub Actions knows a command to its runner; no valid name has them. Everything else is left as
// it is, so Escape is idempotent.
func Escape(s string) string { return escape(s, line) }

// EscapeJSON is [Escape] for a line of JSON, where the escapes are JSON's own: its texts stay the
// same.
func EscapeJSON(s string) string { return escape(s, jsonLine) }

// escapeCell is [escapeText] for a table's cell. A cell with spaces could pass for several, so it holds none.
func escapeCell(s string) string { return escape(s, cell) }

// escapeText is [Escape] for what templates show. They may cut it anywhere, so no two colons are side by side in
// it, save in the address of an IPv6 registry.
func escapeText(s string) string { return escape(s, text) }

// A use is where an escaped text is shown.
type use int

const (
	line use = iota
	jsonLine
	text
	cell
)

func escape(s string, u use) string {
	if isPlain(s, u) {
		return s
	}
	var b strings.Builder
	address := addressEnd(s)
	begun, based := false, false // the text has begun; a mark here has a base
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		shown := isVisible(r) && (based || !unicode.Is(unicode.M, r))
		switch r {
		case ' ':
			shown = u != cell
		case '#':
			shown = false
		case ':':
			shown = begun && (u < text || s[i-1] != ':' || i < address)
		}
		if shown {
			b.WriteString(s[i : i+size])
		} else {
			writeEscape(&b, s[i:i+size], u)
		}
		begun = begun || r != ' '
		based = shown && (r > unicode.MaxASCII || unicode.In(r, unicode.L, unicode.N))
		i += size
	}
	return b.String()
}

// writeEscape writes the escape of the first rune of s, which may be invalid.
func writeEscape(b *strings.Builder, s string, u use) {
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case u == jsonLine:
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(b, `\u%04x`, unit)
		}
	case r <= unicode.MaxASCII, r == utf8.RuneError && size == 1:
		fmt.Fprintf(b, `\x%02x`, s[0])
	case r > 0xffff:
		fmt.Fprintf(b, `\U%08x`, r)
	default:
		fmt.Fprintf(b, `\u%04x`, r)
	}
}

// isVisible reports whether a rune leaves ink, by Unicode's own classes.
func isVisible(r rune) bool {
	switch r {
	case utf8.RuneError: // which stands for invalid UTF-8
		return false
	case 0x2800, 0x13441, 0x13442, 0x16fe4, 0x1d159: // blanks and fillers by their names, symbols by their class
		return false
	}
	// The rest of Default_Ignorable_Code_Point is not printable.
	return unicode.IsPrint(r) && !unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// addressEnd returns where the address of an IPv6 registry ends in s: "[::1]:5000/app". 0: s has none.
func addressEnd(s string) int {
	if !strings.HasPrefix(s, "[") {
		return 0
	}
	return len(s) - len(strings.TrimLeft(s[1:], "0123456789abcdefABCDEF:"))
}

// isPlain reports whether there is nothing to escape in s, as in nearly every name.
func isPlain(s string, u use) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '#' || c == ' ' && u == cell {
			return false
		}
	}
	return !strings.HasPrefix(s, ":") && !strings.Contains(s, "::")
}
