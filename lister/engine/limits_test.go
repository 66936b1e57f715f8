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

var _ = Describe("an answer, however long,", func() {
	DescribeTable("is refused, and the limit is named", func(body io.Reader, message string) {
		_, err := collect(engine.DecodeWithin(body, 8<<20, 1<<20, 1<<20, false))
		Expect(err).To(MatchError("its answer is broken: " + message))
	},
		Entry("of images", &endless{"[", `{"Id":"` + strings.Repeat("a", 1<<16) + `"},`}, "it is longer than 8 MiB"),
		Entry("of one name", &endless{`[{"Id":"`, strings.Repeat("a", 4096)}, "image 1 is longer than 1 MiB"),
		Entry("of the second image", &endless{`[{"Id":"a"}`, strings.Repeat(" ", 4096)}, "image 2 is longer than 1 MiB"),
		Entry("of white space", &endless{"[", strings.Repeat(" ", 4096)}, "image 1 is longer than 1 MiB"),
		Entry("of a field that rows do not need", &endless{`[{"Labels":{"a":"b"`, strings.Repeat(`,"a":"b"`, 1000)}, "image 1 is longer than 1 MiB"),
		Entry("of tags", &endless{`[{"Id":"a","RepoTags":["a"`, strings.Repeat(`,"a"`, 1000)}, "image 1 is longer than 1 MiB"),
	)

	DescribeTable("is refused where its rows take more memory than three times the answer", func(image string) {
		_, err := collect(engine.DecodeWithin(&endless{"[", image}, 8<<20, 1<<20, 1<<20, false))
		Expect(err).To(MatchError(MatchRegexp(`^its answer is broken: image \d+ needs more than the \d+ MiB of memory that such an answer may take$`)))
	},
		Entry("of small images", strings.Repeat(`{"Id":"a"},`, 1000)),
		Entry("of pairs of a tag and a digest", `{"Id":"a","RepoTags":["`+strings.Repeat(`a:1","`, 99)+`a:1"],"RepoDigests":["`+strings.Repeat(`a","`, 99)+`a"]},`),
	)

	It("may have labels of any length, as builds make them", func() {
		all, err := collect(engine.DecodeImages(strings.NewReader(`[{"Id":"a","Labels":{"metadata":"` + strings.Repeat("a", 1<<16) + `"}}]`)))
		Expect(err).NotTo(HaveOccurred())
		Expect(all[0].Labels).To(HaveKeyWithValue("metadata", HaveLen(1<<16)))
	})

	DescribeTable("is refused where a name is too long for an image", func(field string) {
		_, err := collect(engine.DecodeImages(strings.NewReader(`[{"Id":"a"},{"Id":"a",` + field + `}]`)))
		Expect(err).To(MatchError("its answer is broken: image 2 has a name of more than 1024 bytes"))
	},
		Entry("an ID", `"Id":"`+strings.Repeat("a", 1025)+`"`),
		Entry("a tag", `"RepoTags":["a:1","`+strings.Repeat("a", 1025)+`"]`),
		Entry("a digest", `"RepoDigests":["`+strings.Repeat("a", 1025)+`"]`),
		Entry("a tag that is no UTF-8, and would grow", `"RepoTags":["\n`+strings.Repeat("\xff", 400)+`"]`),
	)

	DescribeTable("takes memory for its rows", func(image string, rows int) {
		decoded := func(rows int) error {
			body := "[" + image + "]"
			_, err := collect(engine.DecodeWithin(strings.NewReader(body), 1<<20, 1<<20, int64(rows-2*len(body)), true))
			return err
		}
		Expect(decoded(rows)).To(Succeed())
		Expect(decoded(rows - 1)).To(MatchError(ContainSubstring(" of memory ")))
	},
		Entry("for each image, tag and digest", `{"Id":"a","RepoTags":["a:1","a:2"]},{"Id":"a","RepoDigests":["a@sha256:aa"]}`, 5*200),
		Entry("for each pair of a tag and a digest", `{"Id":"a","RepoTags":["a:1","a:2"],"RepoDigests":["a@sha256:aa"]}`, 4*200+2*16),
		Entry("for each label's key and value", `{"Id":"a","Labels":{"a":"1","b":"2 "}}`, 5*200+7),
		Entry("for each byte that is shown escaped", `{"Id":": #\u007f::"}`, 200+4*7),
		Entry("for no byte that is shown as it is", `{"Id":"!:~"}`, 200),
	)

	It("may have names of 1024 bytes each", func() {
		name := strings.Repeat("a", 1024)
		images, err := collect(engine.DecodeImages(strings.NewReader(`[{"Id":"` + name + `","RepoTags":["` + name + `","` + name + `"]}]`)))
		Expect(err).NotTo(HaveOccurred())
		Expect(images).To(ConsistOf(HaveField("RepoTags", []string{name, name})))
	})

	It("may have a great many small images, each with a tag and a digest", func() {
		const images = 200_000
		name := strings.Repeat("a", 20)
		body := io.MultiReader(strings.NewReader("["), io.LimitReader(&endless{"", `{"Id":"` + name + `","RepoTags":["` + name + `:1"],"RepoDigests":["` + name + `@sha256:` + strings.Repeat("0", 64) + `"],"Created":1,"Size":1},`}, images*200), strings.NewReader(`{"Id":"a"}]`))
		all, err := collect(engine.DecodeImages(body))
		Expect(err).NotTo(HaveOccurred())
		Expect(len(all)).To(BeNumerically(">", images))
	})
})
