package lister

import (
	"math"
	"time"

	"github.com/docker/go-units"
)

// unknown is what a cell shows where the engine does not report a value.
const unknown = "N/A"

// CreatedSince returns an age in docker's words: "2 weeks ago". It returns "N/A" where created, in
// Unix seconds, is unknown.
func CreatedSince(created int64, now time.Time) string {
	if created <= 0 {
		return unknown
	}
	// From seconds, since the time.Time of a created that is far off would wrap around.
	seconds := min(max(now.Unix()-created, 0), math.MaxInt64/int64(time.Second))
	return units.HumanDuration(time.Duration(seconds)*time.Second) + " ago"
}

// isWritable reports whether a creation time is known, and RFC 3339 can write it: it ends with the
// year 9999.
func isWritable(created int64) bool {
	const lastSecond = 253402300799
	return created > 0 && created <= lastSecond
}

// CreatedAt returns a creation time in docker's form, in UTC; "N/A" where it is unknown or past the
// year 9999.
func CreatedAt(created int64) string {
	if !isWritable(created) {
		return unknown
	}
	return time.Unix(created, 0).UTC().String()
}
