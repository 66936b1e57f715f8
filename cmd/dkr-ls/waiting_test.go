package main

import (
	"fmt"
	"io"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// At a terminal it is tried in the specs of processes; here, when it is to be shown is up to the spec.
var _ = Describe("the line that tells of waiting", func() {
	var terminal strings.Builder
	lineOf := func(columns, engines int) *waitingLine {
		terminal.Reset()
		w := &waitingLine{terminal: &terminal, columns: columns}
		w.begin(engines)
		DeferCleanup(w.end)
		return w
	}

	It("is not written, nor erased, where engines answer at once", func() {
		w := lineOf(usualColumns, 2)
		w.count()
		w.count()
		w.end()
		Expect(terminal.String()).To(BeEmpty())
	})

	It("takes one line at most", func() {
		w := lineOf(20, 1)
		w.show()
		w.end()
		Expect(terminal.String()).To(Equal(shownAndErased("waiting for the eng")))
	})

	It("tells how many of several contexts have answered", func() {
		w := lineOf(usualColumns, 3)
		w.show()
		for range 3 {
			w.count()
		}
		w.end()
		text := func(n int) string { return fmt.Sprintf("waiting: %d of 3 contexts have answered", n) }
		Expect(terminal.String()).To(Equal(shownAndErased(text(0)) + shownAndErased(text(1)) + shownAndErased(text(2))))
	})

	It("is gone before the log goes on, and then comes back", func() {
		w := lineOf(usualColumns, 1)
		w.show()
		_, _ = io.WriteString(erasing{w, &terminal}, "time=now\n")
		w.show()
		w.end()
		line := shownAndErased("waiting for the engine")
		Expect(terminal.String()).To(Equal(line + "time=now\n" + line))
	})

	It("is not shown after the end", func() {
		w := lineOf(usualColumns, 1)
		w.end()
		w.show()
		Expect(terminal.String()).To(BeEmpty())
	})
})

// shownAndErased is a line that is drawn at the start of a terminal's line, and erased.
func shownAndErased(line string) string {
	return "\r" + line + "\r" + strings.Repeat(" ", len(line)) + "\r"
}
