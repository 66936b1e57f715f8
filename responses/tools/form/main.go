// Command form checks that an answer is as long as a message: at most 450 words, as `wc -w` counts them, on at most 60 lines
// of 100 columns, with one table of at most ten lines, and that it begins with the answer, in bold. What else is worth keeping
// has a page of its own beside it.
//
//	form README.md...
package main

import (
	"fmt"
	"os"
	"strings"
	"unicode/utf8"
)

const (
	maxWords   = 450
	maxLines   = 60
	maxColumns = 100
	maxTable   = 10 // lines, with the heading and the line under it
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: form README.md...")
		os.Exit(2)
	}
	failed := false
	for _, name := range os.Args[1:] {
		text, err := os.ReadFile(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, "form:", err)
			os.Exit(1)
		}
		for _, fault := range faults(string(text)) {
			fmt.Printf("%s: %s\n", name, fault)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
	fmt.Printf("ok: %d answers begin with the answer and have at most %d words on %d lines of %d columns\n", len(os.Args)-1, maxWords, maxLines, maxColumns)
}

func faults(text string) []string {
	var found []string
	tell := func(format string, values ...any) { found = append(found, fmt.Sprintf(format, values...)) }
	if n := len(strings.Fields(text)); n > maxWords {
		tell("%d words, at most %d", n, maxWords)
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) > maxLines {
		tell("%d lines, at most %d", len(lines), maxLines)
	}
	if len(lines) < 3 || !strings.HasPrefix(lines[2], "**") {
		tell("line 3 is not the answer, in bold")
	}
	tables, length := 0, 0
	for i, line := range lines {
		if n := utf8.RuneCountInString(line); n > maxColumns {
			tell("line %d has %d columns, at most %d", i+1, n, maxColumns)
		}
		if !strings.HasPrefix(line, "|") {
			length = 0
			continue
		}
		if length++; length == 1 {
			tables++
		}
		if length == maxTable+1 {
			tell("the table at line %d has more than %d lines", i+1-maxTable, maxTable)
		}
	}
	if tables > 1 {
		tell("%d tables, at most one", tables)
	}
	return found
}
