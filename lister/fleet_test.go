package lister_test

import (
	"errors"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("several engines", func() {
	of := func(all ...lister.Image) lister.Lister { return lister.Lister{Engine: images(all), Now: now} }

	It("list their tags together, each with its context, and each filtered apart", func(ctx SpecContext) {
		tags, failed := lister.Fleet{
			"b":     of(tagged('1', 300, 1, "a:3"), tagged('2', 100, 1, "a:1")),
			"a":     of(tagged('1', 300, 1, "a:3"), tagged('3', 200, 1, "a:2")),
			"c\x1b": of(tagged('4', 400, 1, "a:4")),
		}.Tags(ctx, lister.Filter{MaxTags: 1})
		Expect(failed).To(BeEmpty())
		var rows []string
		for _, t := range tags {
			rows = append(rows, t.Context+" "+t.Repository+":"+t.Tag)
		}
		Expect(rows).To(Equal([]string{`c\x1b a:4`, "a a:3", "b a:3"}))
	})

	It("list those of the engines that answer, and tell of the others in order", func(ctx SpecContext) {
		down := errors.New("it is down")
		tags, failed := lister.Fleet{
			"up":     of(tagged('1', 300, 1, "a:3")),
			"down-2": {Engine: failing{down}}, "down-1": {Engine: failing{down}},
		}.Tags(ctx, lister.Filter{})
		Expect(names(tagsOf(tags))).To(Equal([]string{"a 3"}))
		Expect(failed).To(HaveLen(2))
		Expect(failed[0]).To(MatchError("context down-1: listing images: it is down"))
		Expect(failed[1]).To(MatchError(down))
	})
})
