package lister_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/docker/go-units"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

// table is what WriteTags writes.
func table(tags ...lister.Tag) string {
	GinkgoHelper()
	var out strings.Builder
	Expect(lister.Table{Now: now()}.WriteTags(&out, listOf(tags...))).To(Succeed())
	return out.String()
}

const header = "REPOSITORY                                                              TAG                        IMAGE ID            CREATED             SIZE\n"

var _ = Describe("the table", func() {
	It("has its columns at bytes 0, 72, 99, 119 and 139", func() {
		Expect(table(lister.Tag{Repository: "nginx", Tag: "latest", ID: "sha256:7e4d58f0e5f3aa", Created: ago(16 * day), Size: 133e6})).To(Equal(header +
			"nginx                                                                   latest                     7e4d58f0e5f3        2 weeks ago         133MB\n"))
		for title, at := range map[string]int{"REPOSITORY": 0, "TAG": 72, "IMAGE ID": 99, "CREATED": 119, "SIZE": 139} {
			Expect(strings.Index(header, title)).To(Equal(at), title)
		}
	})

	It("is a header alone where there are no rows", func() { Expect(table()).To(Equal(header)) })

	It("has thousands of rows in their order, and columns as wide as the widest of all", func() {
		const n = 5000
		name := func(i int) string { return fmt.Sprintf("app-%04d", i) + strings.Repeat("-", i/(n-1)*100) }
		tags := make([]lister.Tag, n)
		for i := range tags {
			tags[i] = lister.Tag{Repository: name(i), Tag: "latest", Created: now().Unix() - int64(i)}
		}
		lines := strings.Split(strings.TrimSuffix(table(tags...), "\n"), "\n")
		Expect(lines).To(HaveLen(1 + n))
		for i, line := range lines[1:] {
			Expect(line).To(HavePrefix("%-111slatest ", name(i)))
		}
	})

	It("ends with the total, in its columns", func() {
		var out strings.Builder
		Expect(lister.Table{Now: now(), Total: &lister.Total{Size: 202_200_000}}.WriteTags(&out, nil)).To(Succeed())
		Expect(out.String()).To(Equal(header + strings.Repeat(" ", 119) + "TOTAL               202.2MB\n"))
	})

	It("has a total of 0B for no rows", func() {
		var out strings.Builder
		Expect(lister.Table{Now: now(), Total: &lister.Total{Size: 0}}.WriteTags(&out, nil)).To(Succeed())
		Expect(out.String()).To(HaveSuffix("TOTAL               0B\n"))
	})

	DescribeTable("widens a column to its longest cell and 3", func(tag lister.Tag, title string, at int) {
		out := table(tag)
		Expect(strings.Index(out, title)).To(Equal(at))
		for line := range strings.Lines(out) {
			Expect(line).NotTo(HaveSuffix(" \n"))
		}
	},
		Entry("a repository that just fits", lister.Tag{Repository: strings.Repeat("a", 69)}, "TAG", 72),
		Entry("a repository that is too wide", lister.Tag{Repository: strings.Repeat("a", 70)}, "TAG", 73),
		Entry("a repository of 255 bytes, whole", lister.Tag{Repository: strings.Repeat("a", 255)}, "TAG", 258),
		Entry("a tag that just fits", lister.Tag{Tag: strings.Repeat("a", 24)}, "IMAGE ID", 99),
		Entry("a tag of 128 bytes, whole", lister.Tag{Tag: strings.Repeat("a", 128)}, "IMAGE ID", 72+131),
		Entry("an image ID that is no hex", lister.Tag{ID: strings.Repeat("x", 64)}, "CREATED", 99+67),
	)

	DescribeTable("shows the image ID's first 12 digits", func(id, want string) {
		Expect(strings.TrimRight(strings.TrimPrefix(table(lister.Tag{ID: id}), header)[99:119], " ")).To(Equal(want))
	},
		Entry("of SHA-256", "sha256:7e4d58f0e5f3c0ffee", "7e4d58f0e5f3"),
		Entry("of another algorithm", "sha512:7e4d58f0e5f3c0ffee", "7e4d58f0e5f3"),
		Entry("just 12", "sha256:7e4d58f0e5f3", "7e4d58f0e5f3"),
		Entry("shorter: as it is", "sha256:7e4d", "sha256:7e4d"),
		Entry("no algorithm: as it is", "7e4d58f0e5f3c0", "7e4d58f0e5f3c0"),
		Entry("not digits: as it is", "a:wxyzwxyzwxyz", "a:wxyzwxyzwxyz"),
		Entry("empty", "", ""),
	)

	DescribeTable("shows the age in docker's words", func(created int64, want string) {
		Expect(table(lister.Tag{Created: created})).To(ContainSubstring("   " + want + "   "))
	},
		Entry("now", ago(0), "Less than a second ago"),
		Entry("a second", ago(time.Second), "1 second ago"),
		Entry("a minute", ago(time.Minute), "About a minute ago"),
		Entry("an hour", ago(time.Hour), "About an hour ago"),
		Entry("two days", ago(2*day), "2 days ago"),
		Entry("13 days", ago(13*day), "13 days ago"),
		Entry("14 days", ago(14*day), "2 weeks ago"),
		Entry("two years", ago(730*day), "2 years ago"),
		Entry("the future", ago(-time.Hour), "Less than a second ago"),
		Entry("the far future", int64(math.MaxInt64), "Less than a second ago"),
		Entry("a second after the epoch", int64(1), "50 years ago"),
		Entry("the epoch", int64(0), "N/A"),
		Entry("the year 1", int64(-62135596800), "N/A"),
	)

	DescribeTable("aligns by what a terminal shows", func(name string, padding int) {
		Expect(table(lister.Tag{Repository: name, Tag: "tag"})).To(ContainSubstring("\n" + name + strings.Repeat(" ", padding) + "tag "))
	},
		Entry("Latin letters", "äöü", 69),
		Entry("wide ones", "漢字", 68),
		Entry("many wide ones", strings.Repeat("漢", 16), 40),
		Entry("fullwidth ones", "ＡＢ", 68),
		Entry("emoji", "😀", 70),
		Entry("a letter and what combines with it", "e\u0301", 71),
	)

	It("shows ages in the very words of docker's own package", func() {
		at := time.Unix(4_000_000_000, 0)
		step := int64(1)
		for seconds := int64(0); seconds < at.Unix(); seconds += step {
			Expect(lister.CreatedSince(at.Unix()-seconds, at)).To(Equal(units.HumanDuration(time.Duration(seconds)*time.Second)+" ago"), "%d s", seconds)
			switch { // each second of the first hours, each half an hour and a second after
			case seconds > 3*365*24*3600:
				step = 5*24*3600 + 1
			case seconds > 4*3600:
				step = 1801
			}
		}
		for _, hours := range []int64{24, 47, 48, 14 * 24, 60 * 24, 730 * 24} { // where the words change
			for _, off := range []int64{-1801, -1800, -1799, -1, 0, 1, 1799, 1800, 1801} {
				seconds := hours*3600 + off
				Expect(lister.CreatedSince(at.Unix()-seconds, at)).To(Equal(units.HumanDuration(time.Duration(seconds)*time.Second)+" ago"), "%d s", seconds)
			}
		}
	})

	It("fails where the output does", func() {
		full := errors.New("no space left")
		Expect(lister.Table{Now: now()}.WriteTags(failingWriter{full}, nil)).To(MatchError(full))
		Expect(lister.Table{}.WriteRepos(failingWriter{full}, nil)).To(MatchError(full))
	})
})

var _ = Describe("the list of repositories", func() {
	It("is a header and one a line", func() {
		var out strings.Builder
		Expect(lister.Table{}.WriteRepos(&out, []*lister.Repository{{Name: "nginx"}, {Name: "<none>"}})).To(Succeed())
		Expect(out.String()).To(Equal("REPOSITORY\nnginx\n<none>\n"))
	})

	It("tells the context of each, where there are several", func() {
		var out strings.Builder
		Expect(lister.Table{Contexts: true}.WriteRepos(&out, []*lister.Repository{{Context: "prod", Name: "nginx"}})).To(Succeed())
		Expect(out.String()).To(Equal("CONTEXT             REPOSITORY\nprod                nginx\n"))
	})

	It("is a header alone where there are none", func() {
		var out strings.Builder
		Expect(lister.Table{}.WriteRepos(&out, nil)).To(Succeed())
		Expect(out.String()).To(Equal("REPOSITORY\n"))
	})
})

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
