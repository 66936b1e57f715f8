package main

import (
	"bytes"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

// What reads the output may act on each line, as xargs does with docker rmi. So stdout gets whole
// lines, whatever ends the run meanwhile: a signal, a full disk, a reader that goes.

// atOnce is how many bytes a pipe takes as one, or not at all: PIPE_BUF.
func atOnce() int {
	if runtime.GOOS == "linux" {
		return 4096
	}
	return 512
}

// A lineWriter writes whole lines to a file, and keeps a line back until it has its end.
type lineWriter struct {
	file    *os.File
	regular bool   // it may take a part of what it is given, as a disk does that gets full
	kept    []byte // not written yet
	stopped atomic.Bool
	partial sync.Mutex // held by a write that may be done in part
}

func newLineWriter(file *os.File) *lineWriter {
	info, err := file.Stat()
	return &lineWriter{file: file, regular: err == nil && info.Mode().IsRegular()}
}

func (w *lineWriter) Write(text []byte) (int, error) {
	w.kept = append(w.kept, text...)
	done := 0
	for {
		n := linesAtOnce(w.kept[done:])
		if n == 0 {
			break
		}
		if err := w.put(w.kept[done : done+n]); err != nil {
			return 0, err
		}
		done += n
	}
	w.kept = append(w.kept[:0], w.kept[done:]...)
	return len(text), nil
}

// linesAtOnce is how long the lines are, at the start of text, that a pipe takes as one. It may be a
// single line that is longer.
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
		return os.ErrClosed
	}
	n, err := w.file.Write(lines)
	if err != nil && w.regular {
		w.takeBack(int64(n - bytes.LastIndexByte(lines[:n], '\n') - 1))
	}
	return err
}

// takeBack takes the start of a line off the end of the file, unless more has come behind it.
func (w *lineWriter) takeBack(start int64) {
	at, err := w.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return
	}
	if info, err := w.file.Stat(); err != nil || info.Size() != at {
		return
	}
	if w.file.Truncate(at-start) == nil {
		_, _ = w.file.Seek(at-start, io.SeekStart) // for whoever goes on writing to it
	}
}

// stop lets no line through any more. The process can end then: it waits for a line that is on its way.
func (w *lineWriter) stop() {
	w.stopped.Store(true)
	w.partial.Lock()
}
