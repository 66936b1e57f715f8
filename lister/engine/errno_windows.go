package engine

import "golang.org/x/sys/windows"

// What a system calls the ends that a connection can come to. Windows has the names of Unix as well,
// in the package syscall, but gives them to nothing.
const (
	errRefused    = windows.WSAECONNREFUSED
	errReset      = windows.WSAECONNRESET
	errAborted    = windows.WSAECONNABORTED
	errBrokenPipe = windows.ERROR_BROKEN_PIPE // of a named pipe
	errNoHost     = windows.WSAEHOSTUNREACH
	errNoNetwork  = windows.WSAENETUNREACH
	errNoAddress  = windows.WSAEADDRNOTAVAIL
	errNoAnswer   = windows.WSAETIMEDOUT
)
