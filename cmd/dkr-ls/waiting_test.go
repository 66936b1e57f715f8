package main

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("the line that tells of waiting", func() {
	It("is not written, nor erased, where engines answer at once", func(ctx SpecContext) {
		var terminal strings.Builder
		w := &waitingLine{terminal: &terminal, columns: usualColumns}
		for _, e := range []lister.Engine{w.watch(shelf{}), w.watch(shelf{})} {
			for _, err := range e.Images(ctx, lister.Want{}) {
				Expect(err).NotTo(HaveOccurred())
			}
		}
		w.end()
		Expect(terminal.String()).To(BeEmpty())
	})
})
