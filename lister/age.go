package lister

import (
	"strconv"
	"time"
)

// CreatedSince is the age in docker's words: "2 weeks ago". "N/A" where created, in Unix seconds,
// is unknown.
func CreatedSince(created int64, now time.Time) string {
	if created <= 0 {
		return "N/A"
	}
	// From seconds, since a time.Time of a created that is far off would wrap around.
	return humanDuration(max(now.Unix()-created, 0))
}

// humanDuration is go-units' HumanDuration of so many seconds, and "ago". That one's formatting
// took a quarter of the printing, and every row needs it twice.
func humanDuration(seconds int64) string {
	const minute, hour = 60, 3600
	const day, week, month, year = 24, 7 * 24, 30 * 24, 365 * 24 // in hours
	minutes, hours := seconds/minute, (seconds+hour/2)/hour
	switch {
	case seconds < 1:
		return "Less than a second ago"
	case seconds == 1:
		return "1 second ago"
	case seconds < minute:
		return strconv.FormatInt(seconds, 10) + " seconds ago"
	case minutes == 1:
		return "About a minute ago"
	case minutes < 60:
		return strconv.FormatInt(minutes, 10) + " minutes ago"
	case hours == 1:
		return "About an hour ago"
	case hours < 2*day:
		return strconv.FormatInt(hours, 10) + " hours ago"
	case hours < 2*week:
		return strconv.FormatInt(hours/day, 10) + " days ago"
	case hours < 2*month:
		return strconv.FormatInt(hours/week, 10) + " weeks ago"
	case hours < 2*year:
		return strconv.FormatInt(hours/month, 10) + " months ago"
	}
	return strconv.FormatInt(seconds/hour/year, 10) + " years ago"
}
