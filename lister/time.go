package lister

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// ErrTime is what an invalid age or time fails with.
var ErrTime = errors.New("not an age or a time")

// ParseTime reads a time as an age before now, or as a date: "20" and "20d" are days of 24 hours, "2w" is weeks,
// "36h" and "1h30m" are hours and minutes; "2026-01-31" is the start of that day in UTC, and
// "2026-01-31T12:00:00+01:00" an exact time. An age of 0 is the zero Time, and whatever is before 1970 is its
// start. Its errors wrap [ErrTime].
func ParseTime(text string, now time.Time) (time.Time, error) {
	at, err := parseAge(text, now)
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if err != nil {
			at, err = time.Parse(layout, text)
		}
	}
	switch {
	case err != nil:
		return time.Time{}, fmt.Errorf("%w: %q", ErrTime, text)
	case at.Equal(now):
		return time.Time{}, nil
	case at.Unix() < 0:
		return time.Unix(0, 0), nil
	}
	return at, nil
}

// parseAge returns the time that is an age before now.
func parseAge(text string, now time.Time) (time.Time, error) {
	const most = 1_000_000 // days: before any image
	m := regexp.MustCompile(`^(\d+)([dw]?)$`).FindStringSubmatch(text)
	if m == nil {
		age, err := time.ParseDuration(text)
		if age < 0 {
			err = ErrTime
		}
		return now.Add(-age), err
	}
	days, err := strconv.Atoi(m[1])
	days = min(days, most)
	if m[2] == "w" {
		days = min(7*days, most)
	}
	return now.UTC().AddDate(0, 0, -days), err
}
