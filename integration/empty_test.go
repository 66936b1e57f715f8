package integration_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("an engine without images", Ordered, ContinueOnFailure, func() {
	var empty engine

	BeforeAll(func(ctx SpecContext) { empty = startEngine(ctx) })

	header := func() string {
		first, _, _ := strings.Cut(testdata("tags.txt"), "\n")
		return first + "\n"
	}

	It("gives tags a header only", func(ctx SpecContext) {
		Expect(table(dkrls(ctx, empty.Host(), "tags"))).To(Equal(header()))
	})

	It("gives repos a header only", func(ctx SpecContext) {
		Expect(table(dkrls(ctx, empty.Host(), "repos"))).To(Equal("REPOSITORY\n"))
	})

	It("has a sum of zero bytes", func(ctx SpecContext) {
		total := strings.Repeat(" ", createdColumn) + "TOTAL               0B\n"
		Expect(table(dkrls(ctx, empty.Host(), "tags", "--sum"))).To(Equal(header() + total))
	})
})
