//go:build unix

package main

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// A patientWriter writes to stderr however long that takes, but waits only so long for a reader.
type patientWriter struct{ patience int } // milliseconds; less than 0: for ever

// patientStderr is stderr. Where it is stdout as well, it waits as stdout does: a pager shows the rows first.
func patientStderr() patientWriter {
	rows, err := os.Stdout.Stat()
	words, err2 := os.Stderr.Stat()
	if err == nil && err2 == nil && os.SameFile(rows, words) {
		return patientWriter{-1}
	}
	return patientWriter{1000}
}

func (w patientWriter) Write(text []byte) (int, error) {
	done := 0
	for done < len(text) {
		if !w.hasReader() {
			return done, os.ErrDeadlineExceeded
		}
		n, err := os.Stderr.Write(text[done:min(done+atOnce(), len(text))])
		done += n
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// hasReader waits until there is room in stderr. What else may be wrong with it, writing tells.
func (w patientWriter) hasReader() bool {
	for {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(syscall.Stderr), Events: unix.POLLOUT}}, w.patience)
		if !errors.Is(err, unix.EINTR) {
			return n > 0 || err != nil
		}
	}
}
