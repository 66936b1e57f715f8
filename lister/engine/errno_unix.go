//go:build !windows

package engine

import "syscall"

// What a system calls the ends that a connection can come to.
const (
	errRefused    = syscall.ECONNREFUSED
	errReset      = syscall.ECONNRESET
	errAborted    = syscall.ECONNABORTED
	errBrokenPipe = syscall.EPIPE
	errNoHost     = syscall.EHOSTUNREACH
	errNoNetwork  = syscall.ENETUNREACH
	errNoAddress  = syscall.EADDRNOTAVAIL
	errNoAnswer   = syscall.ETIMEDOUT
)
