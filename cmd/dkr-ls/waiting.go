package main

import (
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/moby/term"

	"github.com/dkr-ls/dkr-ls/lister"
)

// aWhile is how long a person waits without wondering.
const aWhile = time.Second

// A waitingLine shows, after a while, what the program is waiting for, on one line of the terminal. All
// other output on stderr goes through it, so that the line is erased first. The zero waitingLine is never
// shown.
type waitingLine struct {
	terminal io.Writer
	width    int // in characters; 0: there is no terminal

	mu    sync.Mutex
	text  string // "": nothing is being waited for
	timer *time.Timer
	shown int // characters
}

// begin shows text after a while, and again after other output has erased it, until the end.
func (w *waitingLine) begin(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = text
	if w.width > 0 {
		w.timer = time.AfterFunc(aWhile, w.show)
	}
}

func (w *waitingLine) show() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.text != "" && w.shown == 0 {
		line := []rune(lister.Escape(w.text))
		line = line[:min(len(line), w.width-1)] // a longer one would go on in the next line
		_, _ = io.WriteString(w.terminal, "\r"+string(line))
		w.shown = len(line)
	}
	w.timer.Reset(aWhile)
}

// end erases the line for good.
func (w *waitingLine) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = ""
	w.erase()
}

func (w *waitingLine) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.erase()
	return w.terminal.Write(text)
}

func (w *waitingLine) erase() {
	if w.shown > 0 {
		_, _ = io.WriteString(w.terminal, "\r"+strings.Repeat(" ", w.shown)+"\r")
		w.shown = 0
	}
}

// terminalWidth returns how many characters a line of the terminal has, or 0 if file is not a terminal.
func terminalWidth(file *os.File) int {
	size, err := term.GetWinsize(file.Fd())
	switch {
	case err != nil:
		return 0
	case size.Width == 0: // a terminal that does not say
		return 80
	}
	return int(size.Width)
}
