package engine_test

import (
	"io"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// endless is a beginning and then a text, repeated for ever.
type endless struct{ left, text string }

func (e *endless) Read(p []byte) (int, error) {
	if e.left == "" {
		e.left = e.text
	}
	n := copy(p, e.left)
	e.left = e.left[n:]
	return n, nil
}

var _ = Describe("an answer that never ends", func() {
	DescribeTable("is refused, and the limit is named", func(body io.Reader, message string) {
		var last error
		for _, err := range engine.DecodeWithin(body, 8<<20, 1<<20, 1000) {
			last = err
		}
		Expect(last).To(MatchError("its answer is broken: " + message))
	},
		Entry("of images", &endless{"[", `{"Id":"` + strings.Repeat("a", 1<<16) + `"},`}, "it is longer than 8 MiB"),
		Entry("of one name", &endless{`[{"Id":"`, strings.Repeat("a", 4096)}, "an image of it is longer than 1 MiB"),
		Entry("of white space", &endless{"[", strings.Repeat(" ", 4096)}, "an image of it is longer than 1 MiB"),
		Entry("of a field that rows do not need", &endless{`[{"Labels":{"a":"b"`, strings.Repeat(`,"a":"b"`, 1000)}, "an image of it is longer than 1 MiB"),
		Entry("of small images", &endless{"[", strings.Repeat(`{"Id":"a"},`, 1000)}, "it has more than 1000 names"),
		Entry("of tags", &endless{`[{"Id":"a","RepoTags":["a"`, strings.Repeat(`,"a"`, 1000)}, "an image of it is longer than 1 MiB"),
	)

	It("is held to limits that a million images keep to", func() {
		answer, image, names := engine.Generous()
		Expect(answer).To(Equal(int64(1 << 30)))
		Expect(image).To(Equal(int64(64 << 20)))
		Expect(names).To(Equal(10_000_000))
	})
})
