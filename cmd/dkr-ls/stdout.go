package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// A reader of stdout may act on each line, as xargs does with docker rmi. So stdout gets whole lines,
// whatever ends the run meanwhile: a signal, a full disk, a reader that goes.

// atOnce returns PIPE_BUF, the number of bytes that a pipe takes whole or not at all.
func atOnce() int {
	if runtime.GOOS == "linux" {
		return 4096
	}
	return 512
}

// A lineWriter writes whole lines to a file, and keeps back a line that has not ended.
type lineWriter struct {
	file    *os.File
	regular bool   // a full disk may take part of a write
	kept    []byte // not written yet
	stopped atomic.Bool
	partial sync.Mutex // held during a write that may be cut
}

func newLineWriter(file *os.File) *lineWriter {
	info, err := file.Stat()
	return &lineWriter{file: file, regular: err == nil && info.Mode().IsRegular()}
}

func (w *lineWriter) Write(text []byte) (int, error) {
	w.kept = append(w.kept, text...)
	rest := w.kept
	for n := linesAtOnce(rest); n > 0; n = linesAtOnce(rest) {
		if err := w.put(rest[:n]); err != nil {
			return 0, fmt.Errorf("writing the output: %w; try: another place for it", err)
		}
		rest = rest[n:]
	}
	w.kept = append(w.kept[:0], rest...)
	return len(text), nil
}

// linesAtOnce returns the length of the lines at the start of text that a pipe takes at once, or of the
// first line if that is longer.
func linesAtOnce(text []byte) int {
	if n := bytes.LastIndexByte(text[:min(len(text), atOnce())], '\n') + 1; n > 0 {
		return n
	}
	return bytes.IndexByte(text, '\n') + 1
}

func (w *lineWriter) put(lines []byte) error {
	if w.regular || len(lines) > atOnce() {
		w.partial.Lock()
		defer w.partial.Unlock()
	}
	if w.stopped.Load() {
		return errors.New("stopped")
	}
	n, err := w.file.Write(lines)
	if err != nil && w.regular {
		w.takeBack(int64(n - bytes.LastIndexByte(lines[:n], '\n') - 1))
	}
	return err
}

// takeBack cuts the start of a line off the end of the file, unless more has been written after it.
func (w *lineWriter) takeBack(start int64) {
	at, err := w.file.Seek(0, io.SeekCurrent)
	info, err2 := w.file.Stat()
	if err == nil && err2 == nil && info.Size() == at && w.file.Truncate(at-start) == nil {
		_, _ = w.file.Seek(at-start, io.SeekStart) // for whoever goes on writing to it
	}
}

// stop waits for a line that is being written, and lets no more through. Then the process can end.
func (w *lineWriter) stop() {
	w.stopped.Store(true)
	w.partial.Lock()
}

// A patientWriter writes to stderr, and gives up on a pipe that stays full for a second.
type patientWriter struct{ file *os.File }

// newStderr returns a writer to stderr. If stderr and stdout are the same, it waits as stdout does: a
// pager shows the rows first.
func newStderr(stdout, stderr *os.File) io.Writer {
	rows, err := stdout.Stat()
	words, err2 := stderr.Stat()
	if err == nil && err2 == nil && os.SameFile(rows, words) {
		return stderr
	}
	return &patientWriter{file: stderr}
}

func (w *patientWriter) Write(text []byte) (int, error) {
	text = bytes.Clone(text) // it may be written after this returns
	started, done := make(chan struct{}), make(chan error, 1)
	go func() {
		close(started)
		_, err := w.file.Write(text)
		done <- err
	}()
	<-started // on a busy machine, the second is the reader's and not the scheduler's
	select {
	case err := <-done:
		return len(text), err
	case <-time.After(time.Second):
		return 0, os.ErrDeadlineExceeded
	}
}
