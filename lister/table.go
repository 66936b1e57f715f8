package lister

import (
	"bufio"
	"io"
	"time"

	"github.com/docker/go-units"
)

// A column of the table. Its cells start at the same place in each line: after the columns before
// it, which are as wide as they say, or as their longest cell and gap.
type column struct {
	title string
	width int // the last column needs none
	cell  func(*Tag) string
	total string // the cell of the last row, which holds the total
}

const gap = 3

// Significant digits of a size, and of the total.
const (
	sizeDigits  = 3
	totalDigits = 4
)

// columns are those of the tags command, for ages as of now.
func columns(now time.Time, total int64) []column {
	return []column{
		{"REPOSITORY", 72, func(t *Tag) string { return t.Repository }, ""},
		{"TAG", 27, func(t *Tag) string { return t.Tag }, ""},
		{"IMAGE ID", 20, func(t *Tag) string { return shortID(t.ID) }, ""},
		{"CREATED", 20, func(t *Tag) string { return createdSince(t.Created, now) }, "TOTAL"},
		{"SIZE", 0, func(t *Tag) string { return HumanSize(t.Size, sizeDigits) }, HumanSize(total, totalDigits)},
	}
}

// WriteTags writes the table of tags to w: a header, then a row for each tag. now is what ages
// are reckoned from.
func WriteTags(w io.Writer, tags []Tag, now time.Time) error {
	return writeTable(w, columns(now, 0), tags, false)
}

// WriteTagsAndTotal is [WriteTags] with a last row that holds total, in bytes, under SIZE.
func WriteTagsAndTotal(w io.Writer, tags []Tag, now time.Time, total int64) error {
	return writeTable(w, columns(now, total), tags, true)
}

// WriteRepos writes the header and the repositories to w, one a line.
func WriteRepos(w io.Writer, repos []string) error {
	out := bufio.NewWriter(w)
	_, _ = out.WriteString("REPOSITORY\n")
	for _, repo := range repos {
		_, _ = out.WriteString(repo)
		_ = out.WriteByte('\n')
	}
	return out.Flush() // the first error of all
}

// writeTable goes over tags twice, for widths and for rows: cells cost less to make than to keep.
func writeTable(w io.Writer, columns []column, tags []Tag, total bool) error {
	last := len(columns) - 1
	for i := range columns[:last] {
		c := &columns[i]
		for j := range tags {
			c.width = max(c.width, cellWidth(c.cell(&tags[j]))+gap)
		}
	}
	out := bufio.NewWriter(w)
	line := func(cell func(column) string) {
		for _, c := range columns[:last] {
			text := cell(c)
			_, _ = out.WriteString(text)
			pad(out, c.width-cellWidth(text))
		}
		_, _ = out.WriteString(cell(columns[last]))
		_ = out.WriteByte('\n')
	}
	line(func(c column) string { return c.title })
	for i := range tags {
		line(func(c column) string { return c.cell(&tags[i]) })
	}
	if total {
		line(func(c column) string { return c.total })
	}
	return out.Flush() // the first error of all
}

func pad(out *bufio.Writer, columns int) {
	const spaces = "                                                                        "
	for ; columns > len(spaces); columns -= len(spaces) {
		_, _ = out.WriteString(spaces)
	}
	_, _ = out.WriteString(spaces[:columns])
}

// createdSince is the age in docker's words: "2 weeks ago". "N/A" where created is unknown.
func createdSince(created int64, now time.Time) string {
	if created <= 0 {
		return "N/A"
	}
	// From seconds, since a time.Time of a created that is far off would wrap around.
	seconds := max(now.Unix()-created, 0)
	return units.HumanDuration(time.Duration(seconds)*time.Second) + " ago"
}
