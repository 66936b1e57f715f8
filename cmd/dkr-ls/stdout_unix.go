//go:build unix

package main

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// isStdoutClosed tells that the program was started with stdout closed (dkr-ls tags >&-). The Go
// runtime then opens the null device in its place, for reading and writing, and every write would
// succeed. A null device that somebody chose is for writing alone, as a shell's is, or stands for
// stdin or stderr too, as a daemon's does.
func isStdoutClosed() bool {
	return isOpenedNull(syscall.Stdout) && !isOpenedNull(syscall.Stdin) && !isOpenedNull(syscall.Stderr)
}

// isOpenedNull tells that a file descriptor is the null device, open for reading and writing.
func isOpenedNull(fd int) bool {
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil || flags&unix.O_ACCMODE != unix.O_RDWR {
		return false
	}
	var stat, null unix.Stat_t
	if unix.Fstat(fd, &stat) != nil || unix.Stat(os.DevNull, &null) != nil {
		return false
	}
	return stat.Rdev == null.Rdev && stat.Mode&unix.S_IFMT == unix.S_IFCHR
}
