package lister

import (
	"math"
	"time"

	"github.com/docker/go-units"
)

// unknown is what a cell shows where the engine does not report a value.
const unknown = "N/A"

// createdSince returns an age in docker's words: "2 weeks ago". It returns "N/A" where created, in
// Unix seconds, is unknown.
func createdSince(created int64, now time.Time) string {
	if created <= 0 {
		return unknown
	}
	// From seconds, since the time.Time of a created that is far off would wrap around.
	seconds := min(max(now.Unix()-created, 0), math.MaxInt64/int64(time.Second))
	return units.HumanDuration(time.Duration(seconds)*time.Second) + " ago"
}

// createdAt returns a creation time, in Unix seconds, in UTC. known is false where it is unknown, or
// past the year 9999, with which RFC 3339 ends.
func createdAt(created int64) (at time.Time, known bool) {
	const lastSecond = 253402300799
	return time.Unix(created, 0).UTC(), created > 0 && created <= lastSecond
}
