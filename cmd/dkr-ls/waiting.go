package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/dkr-ls/dkr-ls/lister"
)

// After a second, a user at a terminal sees what is being waited for: on one line of stderr, which is
// erased before anything else is written. It appears nowhere else.

// aWhile is how long a person waits without wondering.
const aWhile = time.Second

// usualColumns are those of a terminal that does not tell its width.
const usualColumns = 80

// A waitingLine is that line. A nil one is never shown.
type waitingLine struct {
	terminal io.Writer
	columns  int

	mu       sync.Mutex
	timer    *time.Timer
	shown    int // characters
	over     bool
	name     string // of the engine; "": not known
	engines  int
	answered int
}

// withWaitingLine is p with a waiting line, where a person is at a terminal.
func (p process) withWaitingLine() (process, *waitingLine) {
	if p.columns == nil || p.getenv("CI") != "" || p.getenv("TERM") == "dumb" {
		return p, nil
	}
	width := p.columns()
	if width == 0 {
		return p, nil
	}
	w := &waitingLine{terminal: p.stderr, columns: width}
	p.stderr = erasing{w, p.stderr}
	return p, w
}

// erasing is a writer that may write to the terminal, too.
type erasing struct {
	line *waitingLine
	to   io.Writer
}

func (e erasing) Write(text []byte) (int, error) {
	e.line.mu.Lock()
	defer e.line.mu.Unlock()
	e.line.erase()
	return e.to.Write(text)
}

// begin begins to wait for so many engines.
func (w *waitingLine) begin(engines int) {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.engines = engines
	w.timer = time.AfterFunc(aWhile, w.show)
}

// named says which engine is waited for, once that is known.
func (w *waitingLine) named(e lister.Engine) {
	if named, ok := e.(interface{ Name() string }); ok && w != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.name = named.Name()
	}
}

// count counts an engine that has answered, or failed to.
func (w *waitingLine) count() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answered++
	if w.shown > 0 {
		w.erase()
		w.draw()
	}
}

// show draws the line, again if it has been erased by other output meanwhile.
func (w *waitingLine) show() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	if w.shown == 0 {
		w.draw()
	}
	w.timer.Reset(aWhile)
}

func (w *waitingLine) draw() {
	text := "waiting for the engine"
	switch {
	case w.answered == w.engines:
		return
	case w.engines > 1:
		text = fmt.Sprintf("waiting: %d of %d contexts have answered", w.answered, w.engines)
	case w.name != "":
		text += " at " + w.name
	}
	line := []rune(lister.Escape(text))
	line = line[:min(len(line), w.columns-1)] // a longer one would go on in the next line
	_, _ = io.WriteString(w.terminal, "\r"+string(line))
	w.shown = len(line)
}

func (w *waitingLine) erase() {
	if w.shown > 0 {
		_, _ = io.WriteString(w.terminal, "\r"+strings.Repeat(" ", w.shown)+"\r")
		w.shown = 0
	}
}

// end erases the line for good.
func (w *waitingLine) end() {
	if w == nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	if w.timer != nil {
		w.timer.Stop()
	}
	w.erase()
}
