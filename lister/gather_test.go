package lister_test

import (
	"errors"
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("several contexts", func() {
	It("are listed together, each tag with its context, and each context filtered apart", func(ctx SpecContext) {
		images := map[string]images{
			"b":     {tagged('1', 300, 1, "a:3"), tagged('2', 100, 1, "a:1")},
			"a":     {tagged('1', 300, 1, "a:3"), tagged('3', 200, 1, "a:2")},
			"c\x1b": {tagged('4', 400, 1, "a:4")},
		}
		tags, failed := lister.Gather([]string{"a", "b", "c\x1b"}, func(name string) ([]*lister.Row, error) {
			return lister.Lister{Engine: images[name]}.Tags(ctx, lister.Filter{MaxTags: 1})
		})
		Expect(failed).To(BeEmpty())
		var rows []string
		for _, r := range tags {
			rows = append(rows, r.Context+" "+r.Repository+":"+r.Tag)
		}
		Expect(rows).To(Equal([]string{`c\x1b a:4`, "a a:3", "b a:3"}))
	})

	It("are listed as far as they answer, with the errors of the others in order", func() {
		tags, failed := lister.Gather([]string{"down-1", "down-2", "up"}, func(name string) ([]*lister.Row, error) {
			if name == "up" {
				return []*lister.Row{{Repository: "a", Tag: "3"}}, nil
			}
			return nil, errors.New(name)
		})
		Expect(names(tags)).To(Equal([]string{"a 3"}))
		Expect(failed).To(HaveExactElements(MatchError("down-1"), MatchError("down-2")))
	})

	It("are asked at once, however many hang", func(ctx SpecContext) {
		answered := make(chan struct{})
		contexts := make([]string, 1000)
		for i := range contexts {
			contexts[i] = fmt.Sprint(i)
		}
		_, failed := lister.Gather(contexts, func(name string) ([]*lister.Row, error) {
			if name == contexts[len(contexts)-1] {
				close(answered)
				return nil, nil
			}
			select {
			case <-answered:
				return nil, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		})
		Expect(failed).To(BeEmpty())
	}, SpecTimeout(20*time.Second))
})
