package main

import (
	"io"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// At a terminal it is tried in the specs of processes; here, when it is to be shown is up to the spec.
var _ = Describe("the line that says what is waited for", func() {
	var terminal strings.Builder
	begun := func(width int) *waitingLine {
		terminal.Reset()
		w := &waitingLine{terminal: &terminal, width: width}
		w.begin("waiting for \x1bthe engine")
		DeferCleanup(w.end)
		return w
	}

	It("is not written, nor erased, where engines answer at once, and not after the end", func() {
		w := begun(80)
		w.end()
		Expect(terminal.String()).To(BeEmpty())
		w.show()
		Expect(terminal.String()).To(BeEmpty())
	})

	It("takes one line at most, and is escaped", func() {
		w := begun(20)
		w.show()
		w.end()
		Expect(terminal.String()).To(Equal(shownAndErased(`waiting for \x1bthe`)))
	})

	It("is gone before the log goes on, and then comes back", func() {
		w := begun(80)
		w.show()
		_, _ = io.WriteString(w, "time=now\n")
		w.show()
		w.end()
		line := shownAndErased(`waiting for \x1bthe engine`)
		Expect(terminal.String()).To(Equal(line + "time=now\n" + line))
	})
})

// shownAndErased is a line that is drawn at the start of a terminal's line, and erased.
func shownAndErased(line string) string {
	return "\r" + line + "\r" + strings.Repeat(" ", len(line)) + "\r"
}
