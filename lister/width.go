package lister

import (
	"unicode"

	"golang.org/x/text/width"
)

// cellWidth returns how many columns of a terminal text takes, which is safe to print.
func cellWidth(text string) int {
	columns := 0
	for _, r := range text {
		if r <= unicode.MaxASCII {
			columns++
			continue
		}
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me): // on top of the one before
		case kind == width.EastAsianWide, kind == width.EastAsianFullwidth:
			columns += 2
		default:
			columns++
		}
	}
	return columns
}
