package engine_test

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing/iotest"

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

// named is an image with a tag of 4096 equal signs.
func named(sign string) string {
	return `{"Id":"a","RepoTags":["` + strings.Repeat(sign, 4096) + `"]},`
}

var _ = Describe("an answer, however long,", func() {
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
		Entry("of names of small images", &endless{"[", `{"Id":"a","RepoTags":["a:1","a:2"],"RepoDigests":["a@sha256:aa"]},`}, "it has more than 1000 names"),
		Entry("of spaces in names", &endless{"[", named(" ")}, "its names have more than 1 MiB that no name has"),
		Entry("of a sign that is shown escaped", &endless{"[", named("#")}, "its names have more than 1 MiB that no name has"),
		Entry("of DEL in names", &endless{"[", named("\x7f")}, "its names have more than 1 MiB that no name has"),
		Entry("of the first sign after them in names", &endless{"[", named("!")}, "it has more than 1000 names"),
		Entry("of the last sign before DEL in names", &endless{"[", named("~")}, "it has more than 1000 names"),
		Entry("of pairs of a tag and a digest", &endless{"[", `{"Id":"a","RepoTags":["` + strings.Repeat(`a:1","`, 99) + `a:1"],"RepoDigests":["` + strings.Repeat(`a","`, 99) + `a"]},`}, "its images have more than 2000 pairs of a tag and a digest"),
		Entry("of tags", &endless{`[{"Id":"a","RepoTags":["a"`, strings.Repeat(`,"a"`, 1000)}, "an image of it is longer than 1 MiB"),
	)

	DescribeTable("is refused where a name could be none of an image", func(field string) {
		var last error
		for _, err := range engine.DecodeImages(strings.NewReader(`[{"Id":"a"},{"Id":"a",` + field + `}]`)) {
			last = err
		}
		Expect(last).To(MatchError(MatchRegexp("^its answer is broken: image 2: (Id|RepoTags|RepoDigests) has a name of more than 1024 bytes$")))
	},
		Entry("an ID", `"Id":"`+strings.Repeat("a", 1025)+`"`),
		Entry("a tag", `"RepoTags":["a:1","`+strings.Repeat("a", 1025)+`"]`),
		Entry("a digest", `"RepoDigests":["`+strings.Repeat("a", 1025)+`"]`),
		Entry("a tag that is no UTF-8, and would grow", `"RepoTags":["\n`+strings.Repeat("\xff", 400)+`"]`),
	)

	It("counts each image, tag and digest as a name", func() {
		decoded := func(names int64) (last error) {
			for _, err := range engine.DecodeWithin(strings.NewReader(`[{"Id":"a","RepoTags":["a:1","a:2"],"RepoDigests":["a@sha256:aa"]}]`), 1<<10, 1<<10, names) {
				last = err
			}
			return last
		}
		Expect(decoded(4)).To(Succeed())
		Expect(decoded(3)).To(MatchError(ContainSubstring("it has more than 3 names")))
	})

	DescribeTable("may be just as long as the limits", func(image string, names int64) {
		for _, err := range engine.DecodeWithin(strings.NewReader("["+image+"]"), 2<<20, 2<<20, names) {
			Expect(err).NotTo(HaveOccurred())
		}
	},
		Entry("as many pairs as names allow", `{"Id":"a","RepoTags":["a:1","a:2","a:3"],"RepoDigests":["a","b","c","d","e","f","g","h"]}`, int64(12)),
		Entry("as many bytes that no name has as there may be", strings.TrimSuffix(strings.Repeat(`{"Id":"`+strings.Repeat(" ", 1<<16)+`"},`, 16), ","), int64(16)),
	)

	It("may have names of 1024 bytes each", func() {
		name := strings.Repeat("a", 1024)
		for image, err := range engine.DecodeImages(strings.NewReader(`[{"Id":"` + name + `","RepoTags":["` + name + `","` + name + `"]}]`)) {
			Expect(err).NotTo(HaveOccurred())
			Expect(image.RepoTags).To(Equal([]string{name, name}))
		}
	})

	It("may have a great many small images, each with a tag and a digest", func() {
		const images = 200_000
		name := strings.Repeat("a", 20)
		body := io.MultiReader(strings.NewReader("["), io.LimitReader(&endless{"", `{"Id":"` + name + `","RepoTags":["` + name + `:1"],"RepoDigests":["` + name + `@sha256:` + strings.Repeat("0", 64) + `"],"Created":1,"Size":1},`}, images*200), strings.NewReader(`{"Id":"a"}]`))
		count := 0
		for _, err := range engine.DecodeImages(body) {
			Expect(err).NotTo(HaveOccurred())
			count++
		}
		Expect(count).To(BeNumerically(">", images))
	})

	It("need not tell what containers use and what images share", func() {
		for image, err := range engine.DecodeImages(strings.NewReader(`[{"Id":"a"}]`)) {
			Expect(err).NotTo(HaveOccurred())
			Expect([]int64{image.Containers, image.SharedSize}).To(Equal([]int64{-1, -1}))
		}
	})

	It("may come with its end at once", func() {
		count := 0
		for _, err := range engine.DecodeImages(iotest.DataErrReader(strings.NewReader(`[{"Id":"a"},{"Id":"b"}]`))) {
			Expect(err).NotTo(HaveOccurred())
			count++
		}
		Expect(count).To(Equal(2))
	})

	It("counts the bytes that no name has, wherever they stand", func() {
		const plain = "registry.example:5000/team/app@sha256"
		for c := range 256 {
			odd := 0
			if c <= ' ' || c >= 0x7f || c == '#' {
				odd = 1
			}
			for i := range len(plain) {
				text := []byte(plain)
				text[i] = byte(c)
				Expect(engine.CountOdd(text)).To(Equal(odd), "%q", text)
			}
			Expect(engine.CountOdd(bytes.Repeat([]byte{byte(c)}, 19))).To(Equal(19 * odd))
		}
	})

	It("takes an allocation for a great many images, of their texts, and room for one image", Serial, func() {
		const images = 10_000
		body := "[" + strings.Repeat(`{"Id":"`+strings.Repeat("a", 71)+`","RepoTags":["team/app:1"],"Labels":{"a":["b",1.5,null]}},`, images) + `{"Id":"a"}]`
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		count := 0
		for _, err := range engine.DecodeImages(strings.NewReader(body)) {
			if err == nil {
				count++
			}
		}
		runtime.ReadMemStats(&after)
		Expect(count).To(Equal(images + 1))
		Expect(float64(after.Mallocs-before.Mallocs) / images).To(BeNumerically("<", 0.02))
		Expect(float64(after.TotalAlloc-before.TotalAlloc) / images).To(BeNumerically("<", 220))
	})
})
