package engine_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"os"
	"reflect"
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

// FuzzDecode holds the decoder to encoding/json, as docker's client uses it: what one of them takes for
// a list of images with IDs, the other takes for the same list.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		"", "null", "[]", "[] ", "[]x", "[null]", "[{}]", `[{"Id":"a"}`, `[{"Id":"a"},]`, `[{"Id":"a","Size":1e3}]`, `[{"Id":"a","Size":-0}]`, `[{"Id":null}]`,
		`[{"Id":"a","RepoTags":["a:1",null],"RepoDigests":null,"Created":1,"Size":2,"Containers":null,"SharedSize":-1,"Labels":{"a":[1,{}]}}]`,
		`[{"id":"a","Id":"b","repotags":["x"],"RepoTags":["y","z"],"RepoTags":["w"]}]`, `[{"Id":"\ud800\u00e9\u0000","Size":9223372036854775807}]`, "[{\"Id\":\"\xff\"}]",
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		decoded, err := collect(engine.DecodeImages(strings.NewReader(body)))
		var list []*struct {
			ID                    string `json:"Id"`
			RepoTags, RepoDigests []*string
			Created, Size         int64
			Containers            *int64
			SharedSize            *int64
		}
		wantErr := json.Unmarshal([]byte(body), &list)
		want := []lister.Image{}
		for _, im := range list {
			if im == nil || im.ID == "" {
				wantErr = cmp.Or(wantErr, errors.New("an image has no Id"))
				break
			}
			want = append(want, lister.Image{
				ID: im.ID, RepoTags: texts(im.RepoTags), RepoDigests: texts(im.RepoDigests), Created: im.Created, Size: im.Size,
				Containers: number(im.Containers), SharedSize: number(im.SharedSize),
			})
		}
		if wantErr == nil && list == nil {
			wantErr = errors.New("it is null")
		}
		if err != nil && strings.Contains(err.Error(), "more than 1024 bytes") {
			return // a limit of ours
		}
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("%q: %v, and not %v", body, err, wantErr)
		}
		if err == nil && !reflect.DeepEqual(decoded, want) {
			t.Fatalf("%q: %+v, and not %+v", body, decoded, want)
		}
	})
}

func texts(list []*string) []string {
	if list == nil {
		return nil
	}
	all := []string{}
	for _, text := range list {
		if text == nil {
			text = new(string)
		}
		all = append(all, *text)
	}
	return all
}

func number(n *int64) int64 {
	if n == nil {
		return -1
	}
	return *n
}
