package format

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A tagRow is a tag as templates see it, under docker's names, and as JSON.
type tagRow struct {
	Context, Repository, Tag, Digest, ID, CreatedSince, CreatedAt, Size string

	json tagJSON
}

// A repoRow is a repository as templates see it, and as JSON.
type repoRow struct {
	Context, Repository, Tags, CreatedSince, CreatedAt, Size string

	json repoJSON
}

// The fields of JSON, and their order, are described by the schemas in this folder.
type (
	tagJSON struct {
		Context    string  `json:"context,omitempty"`
		Repository string  `json:"repository"`
		Tag        string  `json:"tag"`
		Digest     *string `json:"digest"`
		ID         string  `json:"id"`
		Created    *string `json:"created"`
		Size       *int64  `json:"size"`
	}
	repoJSON struct {
		Context    string  `json:"context,omitempty"`
		Repository string  `json:"repository"`
		Tags       int     `json:"tags"`
		Size       int64   `json:"size"`
		Created    *string `json:"created"`
	}
	totalJSON struct {
		Size   int64 `json:"total_size"`
		Images int   `json:"images"`
		Tags   int   `json:"tags"`
	}
)

// MarshalJSON makes {{json .}} what the format json is.
func (r tagRow) MarshalJSON() ([]byte, error) { return marshal(r.json) }

// MarshalJSON makes {{json .}} what the format json is.
func (r repoRow) MarshalJSON() ([]byte, error) { return marshal(r.json) }

func newTagRow(t lister.Tag, options lister.Table) tagRow {
	row := tagRow{
		Context: t.Context, Repository: t.Repository, Tag: t.Tag, Digest: t.Digest, ID: t.ShortID(),
		CreatedSince: lister.CreatedSince(t.Created, options.Now), CreatedAt: createdAt(t.Created),
		Size: lister.HumanSize(t.Size, lister.SizeDigits),
		json: tagJSON{Context: t.Context, Repository: t.Repository, Tag: t.Tag, ID: t.ID, Created: rfc3339(t.Created)},
	}
	if options.NoTrunc {
		row.ID = t.ID
	}
	if t.Digest != "" && t.Digest != lister.None {
		row.json.Digest = &t.Digest
	}
	if t.Size >= 0 {
		row.json.Size = &t.Size
	}
	return row
}

func newRepoRow(r lister.Repository, options lister.Table) repoRow {
	return repoRow{
		Context: r.Context, Repository: r.Name, Tags: strconv.Itoa(r.Tags),
		CreatedSince: lister.CreatedSince(r.Created, options.Now), CreatedAt: createdAt(r.Created),
		Size: lister.HumanSize(r.Size, lister.SizeDigits),
		json: repoJSON{r.Context, r.Name, r.Tags, r.Size, rfc3339(r.Created)},
	}
}

func tagHeader() map[string]string {
	return map[string]string{
		"Context": "CONTEXT", "Repository": "REPOSITORY", "Tag": "TAG", "Digest": "DIGEST", "ID": "IMAGE ID",
		"CreatedSince": "CREATED", "CreatedAt": "CREATED AT", "Size": "SIZE",
	}
}

func repoHeader() map[string]string {
	return map[string]string{
		"Context": "CONTEXT", "Repository": "REPOSITORY", "Tags": "TAGS",
		"CreatedSince": "CREATED", "CreatedAt": "CREATED AT", "Size": "SIZE",
	}
}

// lastSecond is that of the year 9999, the last that RFC 3339 can write.
const lastSecond = 253402300799

// createdAt is a time in docker's form, in UTC; "N/A" where it is unknown or cannot be written.
func createdAt(created int64) string {
	if created <= 0 || created > lastSecond {
		return "N/A"
	}
	return time.Unix(created, 0).UTC().String()
}

// rfc3339 is nil where the time is unknown or cannot be written.
func rfc3339(created int64) *string {
	if created <= 0 || created > lastSecond {
		return nil
	}
	text := time.Unix(created, 0).UTC().Format(time.RFC3339)
	return &text
}

func writeJSON(out *bytes.Buffer, value any) error {
	encoder := json.NewEncoder(out) // which ends the line
	encoder.SetEscapeHTML(false)    // <none> is <none>
	return encoder.Encode(value)
}

func marshal(value any) ([]byte, error) {
	var out bytes.Buffer
	err := writeJSON(&out, value)
	return bytes.TrimSpace(out.Bytes()), err
}
