package format_test

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/format"
)

var _ = Describe("a template of texts and fields", func() {
	// Functions are text/template's business, and these two change nothing.
	const field, called, piped = "<{{.%[1]s}}>\t{{- .%[1]s}}", "<{{print .%[1]s}}>\t{{- print .%[1]s}}", "<{{.%[1]s | print}}>\t{{- .%[1]s | print}}"

	It("prints what text/template does", func() {
		for _, name := range format.TagFields() {
			if name == "Reference" { // which one of the rows does not have
				continue
			}
			of := tagsAs(fmt.Sprintf(field, name), lister.Table{})
			Expect(of).To(Equal(tagsAs(fmt.Sprintf(called, name), lister.Table{})))
			Expect(of).To(Equal(tagsAs(fmt.Sprintf(piped, name), lister.Table{})))
			table := func(of string) string { return tagsAs("table "+fmt.Sprintf(of, name)+"\t{{.Tag}}", lister.Table{}) }
			Expect(table(field)).To(Equal(table(piped)))
		}
		for _, name := range format.RepoFields() {
			Expect(reposAs(fmt.Sprintf(field, name))).To(Equal(reposAs(fmt.Sprintf(called, name))))
		}
	})

	It("takes less than an allocation a row", func() {
		const n = 1000
		f, err := format.ParseTags("{{.Repository}}:{{.Tag}}\t{{.ID}}")
		Expect(err).NotTo(HaveOccurred())
		many := slices.Repeat(tags()[:1], n)
		for i := range many {
			many[i].Tag = strconv.Itoa(i)
		}
		rows := lister.ListOf(many...)
		Expect(rows.Len()).To(Equal(n))
		Expect(testing.AllocsPerRun(3, func() { _ = f.WriteTags(io.Discard, rows, lister.Table{Now: now()}) })).To(BeNumerically("<", n))
	})
})
