package lister_test

import (
	"math"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("a size", func() {
	DescribeTable("is read as people write it", func(text string, want int64) {
		Expect(lister.ParseSize(text)).To(Equal(want))
	},
		Entry("bytes", "123", int64(123)),
		Entry("bytes with a unit", "123B", int64(123)),
		Entry("nothing", "0", int64(0)),
		Entry("powers of 1000", "100MB", int64(100_000_000)),
		Entry("a fraction", "1.5GB", int64(1_500_000_000)),
		Entry("a fraction without a whole", ".5kB", int64(500)),
		Entry("a fraction of a byte is cut", "1.9", int64(1)),
		Entry("a fraction that a float would miss", "4.35GB", int64(4_350_000_000)),
		Entry("small letters", "100mb", int64(100_000_000)),
		Entry("a space", "100 MB", int64(100_000_000)),
		Entry("no B", "100M", int64(100_000_000)),
		Entry("TB", "1TB", int64(1e12)),
		Entry("PB", "1PB", int64(1e15)),
		Entry("GiB is not GB", "1GiB", int64(1<<30)),
		Entry("MiB", "1.5MiB", int64(1.5*(1<<20))),
		Entry("KiB", "1KiB", int64(1024)),
		Entry("Gi", "1Gi", int64(1<<30)),
		Entry("the most", "9223372036854775807", int64(math.MaxInt64)),
	)

	DescribeTable("is refused", func(text, message string) {
		_, err := lister.ParseSize(text)
		Expect(err).To(MatchError(lister.ErrSize))
		Expect(err).To(MatchError(message))
	},
		Entry("empty", "", `not a size: ""`),
		Entry("blank", " ", `not a size: " "`),
		Entry("negative", "-1", `not a size: "-1"`),
		Entry("no number", "MB", `not a size: "MB"`),
		Entry("not a number", "NaN", `not a size: "NaN"`),
		Entry("infinite", "Inf", `not a size: "Inf"`),
		Entry("an exponent", "1e3", `not a size: "1e3"`),
		Entry("an unknown unit", "5x", `not a size: "5x"`),
		Entry("a unit too many", "1MBB", `not a size: "1MBB"`),
		Entry("binary bytes", "1iB", `not a size: "1iB"`),
		Entry("a comma", "1,5GB", `not a size: "1,5GB"`),
		Entry("two points", "1.2.3", `not a size: "1.2.3"`),
		Entry("something before it", "x1GB", `not a size: "x1GB"`),
		Entry("a line more", "1GB\n", `not a size: "1GB\n"`),
		Entry("a byte past the most", "9223372036854775808", `not a size: "9223372036854775808" is more than 9.22EB`),
		Entry("far past the most", "99999999PB", `not a size: "99999999PB" is more than 9.22EB`),
	)

	DescribeTable("is written with three digits and never an exponent", func(bytes int64, want string) {
		Expect(lister.HumanSize(bytes, 3)).To(Equal(want))
	},
		Entry(nil, int64(0), "0B"),
		Entry(nil, int64(1), "1B"),
		Entry(nil, int64(999), "999B"),
		Entry(nil, int64(1000), "1kB"),
		Entry(nil, int64(1015), "1.01kB"), // as docker does, whose 1.015 is a little less
		Entry(nil, int64(22_100_000), "22.1MB"),
		Entry(nil, int64(133_000_000), "133MB"),
		Entry(nil, int64(999_499), "999kB"),
		Entry(nil, int64(999_500), "1MB"),
		Entry(nil, int64(999_499_999), "999MB"),
		Entry(nil, int64(999_500_000), "1GB"),
		Entry(nil, int64(999_499_999_999), "999GB"),
		Entry(nil, int64(999_500_000_000), "1TB"),
		Entry(nil, int64(999_500_000_000_000), "1PB"),
		Entry(nil, int64(999_500_000_000_000_000), "1EB"),
		Entry(nil, int64(math.MaxInt64), "9.22EB"),
		Entry(nil, int64(-1), "N/A"),
	)

	DescribeTable("is written with four digits as a total", func(bytes int64, want string) {
		Expect(lister.HumanSize(bytes, 4)).To(Equal(want))
	},
		Entry(nil, int64(0), "0B"),
		Entry(nil, int64(202_200_000), "202.2MB"),
		Entry(nil, int64(999_940_000), "999.9MB"),
		Entry(nil, int64(999_950_000), "1GB"),
		Entry(nil, int64(1_234_500_000), "1.234GB"),
	)
})
