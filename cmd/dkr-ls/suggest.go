package main

import "strings"

// didYouMean is " (did you mean …?)" with the one of names, behind prefix, that is closest to
// name; or nothing where none is close. Like the flags of the shell, a suggestion ignores case.
func didYouMean(name string, names []string, prefix string) string {
	best, least := "", max(1, len(name)/3)+1
	for _, candidate := range names {
		if d := distance(strings.ToLower(name), strings.ToLower(candidate)); d < least {
			best, least = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return suggestion(prefix + best)
}

// suggestion is a correction, as the end of an error.
func suggestion(text string) string { return " (did you mean " + text + "?)" }

// distance is the Levenshtein distance of a and b: how many bytes to insert, delete or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1) // of the matrix: distances of a's first i bytes to b's first j
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
