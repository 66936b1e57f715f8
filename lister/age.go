package lister

import (
	"strconv"
	"time"
)

// CreatedSince is the age in docker's words: "2 weeks ago". "N/A" where created, in Unix seconds,
// is unknown.
func CreatedSince(created int64, now time.Time) string {
	return string(appendCreatedSince(nil, created, now))
}

func appendCreatedSince(b []byte, created int64, now time.Time) []byte {
	if created <= 0 {
		return append(b, "N/A"...)
	}
	// From seconds, since a time.Time of a created that is far off would wrap around.
	return append(appendDuration(b, max(now.Unix()-created, 0)), " ago"...)
}

// appendDuration appends go-units' HumanDuration of so many seconds, whose formatting took a quarter
// of the printing: every row needs it twice.
func appendDuration(b []byte, seconds int64) []byte {
	const minute, hour = 60, 3600
	const day, week, month, year = 24, 7 * 24, 30 * 24, 365 * 24 // in hours
	minutes, hours := seconds/minute, (seconds+hour/2)/hour
	n, unit := int64(0), ""
	switch {
	case seconds < 1:
		return append(b, "Less than a second"...)
	case seconds == 1:
		return append(b, "1 second"...)
	case minutes == 1:
		return append(b, "About a minute"...)
	case hours == 1 && minutes >= 60:
		return append(b, "About an hour"...)
	case seconds < minute:
		n, unit = seconds, " seconds"
	case minutes < 60:
		n, unit = minutes, " minutes"
	case hours < 2*day:
		n, unit = hours, " hours"
	case hours < 2*week:
		n, unit = hours/day, " days"
	case hours < 2*month:
		n, unit = hours/week, " weeks"
	case hours < 2*year:
		n, unit = hours/month, " months"
	default:
		n, unit = seconds/hour/year, " years"
	}
	return append(strconv.AppendInt(b, n, 10), unit...)
}
