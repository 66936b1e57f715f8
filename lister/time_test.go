package lister_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("ages and times", func() {
	DescribeTable("are read", func(text string, want time.Time) {
		Expect(lister.ParseTime(text, now())).To(BeTemporally("==", want))
	},
		Entry("days", "20", now().Add(-20*day)),
		Entry("days by their letter", "1d", now().Add(-day)),
		Entry("weeks", "2w", now().Add(-14*day)),
		Entry("hours", "36h", now().Add(-36*time.Hour)),
		Entry("hours and minutes", "1h30m", now().Add(-90*time.Minute)),
		Entry("a date, in UTC", "2020-01-31", time.Date(2020, 1, 31, 0, 0, 0, 0, time.UTC)),
		Entry("a time", "2020-01-31T12:00:00+01:00", time.Date(2020, 1, 31, 11, 0, 0, 0, time.UTC)),
		Entry("no limit", "0", time.Time{}),
		Entry("no limit in hours", "0h", time.Time{}),
		Entry("more than any image's age", "9223372036854775807", time.Unix(0, 0)),
		Entry("as many weeks", "9223372036854775807w", time.Unix(0, 0)),
		Entry("a date before all images", "0001-01-01", time.Unix(0, 0)),
	)

	DescribeTable("are refused", func(text string) {
		_, err := lister.ParseTime(text, now())
		Expect(err).To(MatchError(lister.ErrTime))
	},
		Entry(nil, ""), Entry(nil, "-1"), Entry(nil, "-1h"), Entry(nil, "1.5"), Entry(nil, "x"), Entry(nil, "2 weeks"), Entry(nil, "2026-02-30"),
		Entry(nil, "31.01.2026"), Entry(nil, "2026-01-31T12:00:00"), Entry(nil, "9223372036854775808"), Entry(nil, "9223372036854775807h"),
	)
})
