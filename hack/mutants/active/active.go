// Package active tells a program which of its mutants it is. A process cannot be told by its
// environment, since specs choose that: a file tells all processes of a program.
package active

import (
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
)

// folder has the file with the mutant's number. The linker sets it.
var folder string //nolint:gochecknoglobals // likewise

//nolint:gochecknoglobals // what a process is, it is as a whole
var (
	number = read()
	asked  [1 << 16]atomic.Bool
)

func read() int {
	content, _ := os.ReadFile(filepath.Join(folder, "number"))
	n, err := strconv.Atoi(string(content))
	if err != nil {
		return -1
	}
	return n
}

// Is tells whether the program is a mutant. As number 0 it is none, and notes which are asked for.
func Is(mutant int) bool {
	return mutant == number || number == 0 && note(mutant)
}

func note(mutant int) bool {
	if asked[mutant].CompareAndSwap(false, true) {
		_ = os.WriteFile(filepath.Join(folder, "asked", strconv.Itoa(mutant)), nil, 0o600)
	}
	return false
}
