package lister_test

import (
	"errors"
	"math"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

const header = "REPOSITORY                                                              TAG                        IMAGE ID            CREATED             SIZE\n"

var _ = Describe("the table", func() {
	nginx := func() *lister.Row {
		return &lister.Row{
			Context: "prod", Repository: "nginx", Tag: "latest", Digests: []string{"sha256:" + strings.Repeat("a", 64), "sha256:b"},
			ID: "sha256:7e4d58f0e5f3aa", Created: ago(16 * day), Size: 133e6, SharedSize: 33e6,
		}
	}

	It("has its columns at bytes 0, 72, 99, 119 and 139", func() {
		Expect(table(lister.Table{}, nginx())).To(Equal(header +
			"nginx                                                                   latest                     7e4d58f0e5f3        2 weeks ago         133MB\n"))
		for title, at := range map[string]int{"REPOSITORY": 0, "TAG": 72, "IMAGE ID": 99, "CREATED": 119, "SIZE": 139} {
			Expect(strings.Index(header, title)).To(Equal(at), title)
		}
	})

	It("is a header alone where there are no rows", func() { Expect(table(lister.Table{})).To(Equal(header)) })

	DescribeTable("has, on request,", func(options lister.Table, head, tail string) {
		first, rest, _ := strings.Cut(table(options, nginx()), "\n")
		Expect(strings.Fields(first)).To(Equal(strings.Fields(head)))
		Expect(rest).To(ContainSubstring(tail))
	},
		Entry("contexts", lister.Table{Contexts: true}, "CONTEXT REPOSITORY TAG IMAGE ID CREATED SIZE", "prod                nginx  "),
		Entry("digests", lister.Table{Digests: true}, "REPOSITORY TAG DIGEST IMAGE ID CREATED SIZE",
			"latest                     "+nginx().Digests[0]+"   7e4d58f0e5f3        2 weeks ago         133MB\n"),
		Entry("contexts and digests", lister.Table{Contexts: true, Digests: true}, "CONTEXT REPOSITORY TAG DIGEST IMAGE ID CREATED SIZE", "prod   "),
		Entry("the image ID in full", lister.Table{NoTrunc: true}, header, " sha256:7e4d58f0e5f3aa   2 weeks ago"),
		Entry("unique sizes", lister.Table{Unique: true}, header+" UNIQUE SIZE", " 133MB               100MB\n"),
		Entry("a total, in its column", lister.Table{Total: &lister.Total{Size: 202_200_000}}, header, "\n"+strings.Repeat(" ", 119)+"TOTAL               202.2MB\n"),
		Entry("a total of nothing", lister.Table{Total: &lister.Total{}}, header, "TOTAL               0B\n"),
		Entry("a total of unique sizes", lister.Table{Unique: true, Total: &lister.Total{Size: 2400, Unique: 1500}}, header+" UNIQUE SIZE",
			"TOTAL               2.4kB               1.5kB\n"),
	)

	DescribeTable("widens a column to its longest cell and 3, for all rows", func(row lister.Row, title string, at int) {
		lines := strings.Split(strings.TrimSuffix(table(lister.Table{}, nginx(), &row, nginx()), "\n"), "\n")
		Expect(lines).To(HaveLen(4))
		Expect(strings.Index(lines[0], title)).To(Equal(at))
		Expect(lines[1]).To(Equal(lines[3]))
		next := map[string]string{"TAG": "latest ", "IMAGE ID": "7e4d58f0e5f3 ", "CREATED": "2 weeks ago "}[title]
		Expect(strings.Index(lines[1], next)).To(Equal(at))
		Expect(lines).NotTo(ContainElement(HaveSuffix(" ")))
	},
		Entry("a repository that just fits", lister.Row{Repository: strings.Repeat("a", 69)}, "TAG", 72),
		Entry("a repository that is too wide", lister.Row{Repository: strings.Repeat("a", 70)}, "TAG", 73),
		Entry("a repository of 255 bytes, whole", lister.Row{Repository: strings.Repeat("a", 255)}, "TAG", 258),
		Entry("a tag that just fits", lister.Row{Tag: strings.Repeat("a", 24)}, "IMAGE ID", 99),
		Entry("a tag of 128 bytes, whole", lister.Row{Tag: strings.Repeat("a", 128)}, "IMAGE ID", 72+131),
		Entry("an image ID that is not hex", lister.Row{ID: strings.Repeat("x", 64)}, "CREATED", 99+67),
	)

	DescribeTable("shows the age in docker's words", func(created int64, want string) {
		Expect(table(lister.Table{}, &lister.Row{Created: created})).To(ContainSubstring("   " + want + "   "))
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
		Expect(table(lister.Table{}, &lister.Row{Repository: name, Tag: "tag"})).To(ContainSubstring("\n" + name + strings.Repeat(" ", padding) + "tag "))
	},
		Entry("Latin letters", "äöü", 69),
		Entry("wide ones", "漢字", 68),
		Entry("many wide ones", strings.Repeat("漢", 16), 40),
		Entry("fullwidth ones", "ＡＢ", 68),
		Entry("emoji", "😀", 70),
		Entry("a letter and what combines with it", "e\u0301", 71),
	)

	DescribeTable("of repositories is a header and one per line", func(options lister.Table, want string, repos ...*lister.Row) {
		var out strings.Builder
		Expect(options.WriteRepos(&out, repos)).To(Succeed())
		Expect(out.String()).To(Equal(want))
	},
		Entry("of none", lister.Table{}, "REPOSITORY\n"),
		Entry("of two", lister.Table{}, "REPOSITORY\nnginx\n<none>\n", &lister.Row{Repository: "nginx"}, &lister.Row{Repository: "<none>"}),
		Entry("with their contexts", lister.Table{Contexts: true}, "CONTEXT             REPOSITORY\nprod                nginx\n", &lister.Row{Context: "prod", Repository: "nginx"}),
	)

	It("fails where the output does", func() {
		full := errors.New("no space left")
		Expect(lister.Table{Now: now()}.WriteTags(failingWriter{full}, nil)).To(MatchError(full))
		Expect(lister.Table{}.WriteRepos(failingWriter{full}, nil)).To(MatchError(full))
	})
})

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
