//go:build unix

package main

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// columns is how wide the terminal is that stderr goes to, or 0 where it goes elsewhere.
func columns() int {
	size, err := unix.IoctlGetWinsize(syscall.Stderr, unix.TIOCGWINSZ)
	if err != nil {
		return 0
	}
	if size.Col == 0 { // a terminal that does not tell
		return usualColumns
	}
	return int(size.Col)
}
