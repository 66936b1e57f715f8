package main

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("the line that tells of waiting", func() {
	It("is not written, nor erased, where engines answer at once", func() {
		var terminal strings.Builder
		w := &waitingLine{terminal: &terminal, columns: usualColumns}
		w.begin(2)
		w.count()
		w.count()
		w.end()
		Expect(terminal.String()).To(BeEmpty())
	})
})
