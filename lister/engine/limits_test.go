package engine_test

import (
	"io"
	"strings"
	"testing/iotest"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
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

// named returns an image with a tag of 4096 equal signs.
func named(sign string) string {
	return `{"Id":"a","RepoTags":["` + strings.Repeat(sign, 4096) + `"]},`
}

var _ = Describe("an answer, however long,", func() {
	DescribeTable("is refused, and the limit is named", func(body io.Reader, message string) {
		_, err := collect(engine.DecodeWithin(body, 8<<20, 1<<20, 1000))
		Expect(err).To(MatchError("its answer is broken: " + message))
	},
		Entry("of images", &endless{"[", `{"Id":"` + strings.Repeat("a", 1<<16) + `"},`}, "it is longer than 8 MiB"),
		Entry("of one name", &endless{`[{"Id":"`, strings.Repeat("a", 4096)}, "an image of it is longer than 1 MiB"),
		Entry("of white space", &endless{"[", strings.Repeat(" ", 4096)}, "an image of it is longer than 1 MiB"),
		Entry("of a field that rows do not need", &endless{`[{"Labels":{"a":"b"`, strings.Repeat(`,"a":"b"`, 1000)}, "an image of it is longer than 1 MiB"),
		Entry("of small images", &endless{"[", strings.Repeat(`{"Id":"a"},`, 1000)}, "it has more than 1000 names"),
		Entry("of names of small images", &endless{"[", `{"Id":"a","RepoTags":["a:1","a:2"],"RepoDigests":["a@sha256:aa"]},`}, "it has more than 1000 names"),
		Entry("of spaces in names", &endless{"[", named(" ")}, "its names hold more than 1 MiB of invalid characters"),
		Entry("of a sign that is shown escaped", &endless{"[", named("#")}, "its names hold more than 1 MiB of invalid characters"),
		Entry("of DEL in names", &endless{"[", named("\x7f")}, "its names hold more than 1 MiB of invalid characters"),
		Entry("of the first sign after them in names", &endless{"[", named("!")}, "it has more than 1000 names"),
		Entry("of the last sign before DEL in names", &endless{"[", named("~")}, "it has more than 1000 names"),
		Entry("of pairs of a tag and a digest", &endless{"[", `{"Id":"a","RepoTags":["` + strings.Repeat(`a:1","`, 99) + `a:1"],"RepoDigests":["` + strings.Repeat(`a","`, 99) + `a"]},`}, "its images have more than 2000 pairs of a tag and a digest"),
		Entry("of tags", &endless{`[{"Id":"a","RepoTags":["a"`, strings.Repeat(`,"a"`, 1000)}, "an image of it is longer than 1 MiB"),
	)

	DescribeTable("is refused where a name is too long for an image", func(field string) {
		_, err := collect(engine.DecodeImages(strings.NewReader(`[{"Id":"a"},{"Id":"a",` + field + `}]`)))
		Expect(err).To(MatchError(MatchRegexp("^its answer is broken: image 2: (Id|RepoTags|RepoDigests) has a name of more than 1024 bytes$")))
	},
		Entry("an ID", `"Id":"`+strings.Repeat("a", 1025)+`"`),
		Entry("a tag", `"RepoTags":["a:1","`+strings.Repeat("a", 1025)+`"]`),
		Entry("a digest", `"RepoDigests":["`+strings.Repeat("a", 1025)+`"]`),
		Entry("a tag that is no UTF-8, and would grow", `"RepoTags":["\n`+strings.Repeat("\xff", 400)+`"]`),
	)

	It("counts each image, tag and digest as a name", func() {
		decoded := func(names int64) error {
			_, err := collect(engine.DecodeWithin(strings.NewReader(`[{"Id":"a","RepoTags":["a:1","a:2"],"RepoDigests":["a@sha256:aa"]}]`), 1<<10, 1<<10, names))
			return err
		}
		Expect(decoded(4)).To(Succeed())
		Expect(decoded(3)).To(MatchError(ContainSubstring("it has more than 3 names")))
	})

	DescribeTable("may be just as long as the limits", func(image string, names int64, count int) {
		Expect(collect(engine.DecodeWithin(strings.NewReader("["+image+"]"), 2<<20, 2<<20, names))).To(HaveLen(count))
	},
		Entry("as many pairs as names allow", `{"Id":"a","RepoTags":["a:1","a:2","a:3"],"RepoDigests":["a","b","c","d","e","f","g","h"]}`, int64(12), 1),
		Entry("as many invalid characters as there may be", strings.TrimSuffix(strings.Repeat(`{"Id":"`+strings.Repeat(" ", 1<<16)+`"},`, 16), ","), int64(16), 16),
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

	It("need not report what containers use and what images share", func() {
		for _, body := range []string{`[{"Id":"a"}]`, `[{"Id":"a","Containers":null,"SharedSize":null}]`} {
			Expect(collect(engine.DecodeImages(strings.NewReader(body)))).To(Equal([]lister.Image{unreported(lister.Image{ID: "a"})}))
		}
	})

	It("may come with its end at once", func() {
		body := iotest.DataErrReader(strings.NewReader(`[{"Id":"a"},{"Id":"b"}]`))
		Expect(collect(engine.DecodeImages(body))).To(HaveLen(2))
	})
})
