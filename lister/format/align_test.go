package format

import (
	"io"
	"math/rand/v2"
	"strings"
	"text/tabwriter"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("columns of a template", func() {
	It("are those that text/tabwriter makes, of lines with any number of cells", func() {
		random := rand.New(rand.NewPCG(uint64(GinkgoRandomSeed()), 0))
		for range 3000 {
			var text strings.Builder
			for range random.IntN(40) {
				text.WriteString([]string{"a", "long text é", "12345678", "\t", "\t", "\n", "\n"}[random.IntN(7)])
			}
			text.WriteByte('\n')
			var want, have strings.Builder
			writer := tabwriter.NewWriter(&want, 10, 1, 3, ' ', 0)
			_, _ = io.WriteString(writer, text.String())
			Expect(writer.Flush()).To(Succeed())
			Expect(align(&have, func(w io.Writer) error {
				for lines := range strings.SplitAfterSeq(text.String(), "a\n") {
					_, _ = io.WriteString(w, lines)
				}
				return nil
			})).To(Succeed())
			Expect(have.String()).To(Equal(want.String()), "%q", text.String())
		}
	})
})
