package engine_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// FuzzDecode holds the decoder to encoding/json, as docker's client uses it: what one of them takes for
// a list of images with IDs, the other takes for the same list.
func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		"", "null", "[]", "[] ", "[]x", "[null]", "[{}]", `[{"Id":"a"}`, `[{"Id":"a"},]`, `[{"Id":"a","Size":1e3}]`, `[{"Id":"a","Size":-0}]`, `[{"Id":null}]`,
		`[{"Id":"a","RepoTags":["a:1",null],"RepoDigests":null,"Created":1,"Size":2,"Containers":null,"SharedSize":-1,"Labels":{"a":[1,{}]}}]`,
		`[{"id":"a","Id":"b","repotags":["x"],"RepoTags":["y","z"],"RepoTags":["w"]}]`, `[{"Id":"\ud800\u00e9\u0000","Size":9223372036854775807}]`, "[{\"Id\":\"\xff\"}]",
		`[{"Id":"a","Created":null,"Size":null}]`, `[{"Id":"a","RepoTags":["\u001b\"\ud83d\ude00:1"]}]`, `[{"ID":"a","REPODIGESTS":["y"],"created":1,"SIZE":2}]`,
		`[{"Id":"a","ID":"b","Size":1,"size":2}]`, `[{"Id":"a","IdX":"b","SizeX":1,"I":"c"}]`, `[{"Id":"a","Created":-62135596800}]`, " \n[ {\"Id\" : \"a\"} ]\n ",
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
			Labels                map[string]string
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
				Containers: number(im.Containers), SharedSize: number(im.SharedSize), Labels: im.Labels,
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
