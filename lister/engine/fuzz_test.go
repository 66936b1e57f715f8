package engine_test

import (
	"context"
	"iter"
	"os"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// answered is an engine that has just answered with a body.
type answered string

func (body answered) Images(context.Context, lister.Want) iter.Seq2[lister.Image, error] {
	return engine.DecodeImages(strings.NewReader(string(body)))
}

// FuzzTable decodes, filters and prints whatever an engine may answer: each row stays one row,
// nothing but printable runes comes out, and the same rows come out again from their own names.
func FuzzTable(f *testing.F) {
	for _, file := range []string{"testdata/images-20.10.json", "testdata/images-nested.json"} {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(body), "nginx", 1)
	}
	for _, body := range []string{
		"", "null", "{}", "[null]", "[{}]", `[{"Id":"a"}] `, `[{"Id":"a"}]x`, `[{"Id":1}]`,
		`[{"Id":"a","RepoTags":["\u001b[2J\n:1","localhost:5000/a:1",":","a:",""],"RepoDigests":["<none>@<none>","@",""],"Created":-1,"Size":-1}]`,
		"[{\"Id\":\"sha256:\xff\",\"RepoTags\":[\"\xe2\x80\xae:\xcc\x81\"],\"Size\":9223372036854775807}]",
	} {
		f.Add(body, "", 0)
	}
	now := time.Date(2020, 9, 25, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body, prefix string, maxTags int) {
		l := lister.Lister{Engine: answered(body), Now: func() time.Time { return now }}
		tags, err := l.Tags(t.Context(), lister.Filter{Prefixes: []string{prefix}, MaxTags: maxTags})
		if err != nil {
			if len(tags) > 0 {
				t.Fatalf("%d tags with the error %v", len(tags), err)
			}
			return
		}
		var out strings.Builder
		if err := (lister.Table{Now: now}).WriteTags(&out, tags); err != nil {
			t.Fatal(err)
		}
		if rows := strings.Count(out.String(), "\n"); rows != len(tags)+1 {
			t.Fatalf("%d lines for %d tags", rows, len(tags))
		}
		for _, r := range out.String() {
			if r != '\n' && (r == utf8.RuneError || !unicode.IsPrint(r)) {
				t.Fatalf("%q reached the output", r)
			}
		}
		for _, tag := range tags {
			if !strings.HasPrefix(tag.Repository, prefix) {
				t.Fatalf("%q does not start with %q", tag.Repository, prefix)
			}
			if tag.Repository == "" || tag.Tag == "" || strings.ContainsAny(tag.Repository+tag.Tag, " ") {
				t.Fatalf("a cell is empty or has a space: %+v", tag)
			}
		}
	})
}
