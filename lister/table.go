package lister

import (
	"bufio"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/docker/go-units"
	"golang.org/x/text/width"
)

// The columns of the table start at bytes 0, 72, 99, 119 and 139; the last has no width.
// A cell that does not leave gap spaces before the next column widens its column.
const gap = 3

func columnWidths() [4]int { return [4]int{72, 27, 20, 20} }

// Significant digits of a size, and of the total.
const (
	sizeDigits  = 3
	totalDigits = 4
)

type row [5]string

// WriteTags writes the table of tags to w: a header, then a row for each tag. now is what ages
// are reckoned from.
func WriteTags(w io.Writer, tags []Tag, now time.Time) error {
	return writeRows(w, rowsOf(tags, now))
}

// WriteTagsAndTotal is [WriteTags] with a last row that holds total, in bytes, under SIZE.
func WriteTagsAndTotal(w io.Writer, tags []Tag, now time.Time, total int64) error {
	return writeRows(w, append(rowsOf(tags, now), row{3: "TOTAL", 4: HumanSize(total, totalDigits)}))
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

func rowsOf(tags []Tag, now time.Time) []row {
	rows := make([]row, 0, len(tags)+2)
	rows = append(rows, row{"REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"})
	for _, t := range tags {
		rows = append(rows, row{t.Repository, t.Tag, shortID(t.ID), createdSince(t.Created, now), HumanSize(t.Size, sizeDigits)})
	}
	return rows
}

func writeRows(w io.Writer, rows []row) error {
	widths := columnWidths()
	for _, r := range rows {
		for i := range widths {
			widths[i] = max(widths[i], cellWidth(r[i])+gap)
		}
	}
	out := bufio.NewWriter(w)
	for _, r := range rows {
		for i, columns := range widths {
			_, _ = out.WriteString(r[i])
			_, _ = out.WriteString(strings.Repeat(" ", columns-cellWidth(r[i])))
		}
		_, _ = out.WriteString(r[4])
		_ = out.WriteByte('\n')
	}
	return out.Flush() // the first error of all
}

// cellWidth is how many columns of a terminal text takes, which is safe to print.
func cellWidth(text string) int {
	if isPlain(text, ' ') {
		return len(text)
	}
	columns := 0
	for _, r := range text {
		switch kind := width.LookupRune(r).Kind(); {
		case unicode.In(r, unicode.Mn, unicode.Me): // on top of the one before
		case kind == width.EastAsianWide, kind == width.EastAsianFullwidth:
			columns += 2
		default:
			columns++
		}
	}
	return columns
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
