package format

import (
	"strconv"
	"strings"
	"time"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A tagRow is a tag as templates see it, under docker's names and our own.
type tagRow struct {
	Context, Repository, Tag, Digest, ID, CreatedSince, CreatedAt, Size, SharedSize, UniqueSize, Containers string

	tag *lister.Tag
}

// A repoRow is a repository as templates see it.
type repoRow struct {
	Context, Repository, Tags, CreatedSince, CreatedAt, Size string

	repo lister.Repository
}

// A field is what a template may name of a row, and its title in a table.
type field struct{ name, title string }

func tagFields() []field {
	return []field{
		{"Context", "CONTEXT"},
		{"Repository", "REPOSITORY"},
		{"Tag", "TAG"},
		{"Reference", "REFERENCE"},
		{"Digest", "DIGEST"},
		{"ID", "IMAGE ID"},
		{"CreatedSince", "CREATED"},
		{"CreatedAt", "CREATED AT"},
		{"Size", "SIZE"},
		{"SharedSize", "SHARED SIZE"},
		{"UniqueSize", "UNIQUE SIZE"},
		{"Containers", "CONTAINERS"},
	}
}

func repoFields() []field {
	return []field{
		{"Context", "CONTEXT"},
		{"Repository", "REPOSITORY"},
		{"Tags", "TAGS"},
		{"CreatedSince", "CREATED"},
		{"CreatedAt", "CREATED AT"},
		{"Size", "SIZE"},
	}
}

// TagFields are the fields that a template may name of a tag.
func TagFields() []string { return names(tagFields()) }

// RepoFields are those of a repository.
func RepoFields() []string { return names(repoFields()) }

func names(fields []field) []string {
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	return names
}

func titlesOf(fields []field) map[string]string {
	titles := map[string]string{}
	for _, f := range fields {
		titles[f.name] = f.title
	}
	return titles
}

// fill makes row the one of t.
func (f Format) fill(row *tagRow, t *lister.Tag, options lister.Table) {
	*row = tagRow{Context: t.Context, Repository: t.Repository, Tag: t.Tag, Digest: t.Digest(), ID: options.ID(t), tag: t}
	if f.made.since {
		row.CreatedSince = lister.CreatedSince(t.Created, options.Now)
	}
	if f.made.at {
		row.CreatedAt = createdAt(t.Created)
	}
	if f.made.size {
		row.Size = lister.HumanSize(t.Size, lister.SizeDigits)
	}
	if f.made.usage {
		row.SharedSize, row.UniqueSize = lister.HumanSize(t.SharedSize, lister.SizeDigits), lister.HumanSize(t.UniqueSize(), lister.SizeDigits)
		row.Containers = "N/A"
		if t.Containers >= 0 {
			row.Containers = strconv.FormatInt(t.Containers, 10)
		}
	}
}

// fill makes row the one of r.
func (row *repoRow) fill(r lister.Repository, options lister.Table) {
	*row = repoRow{
		Context: r.Context, Repository: r.Name, Tags: strconv.Itoa(r.Tags),
		CreatedSince: lister.CreatedSince(r.Created, options.Now), CreatedAt: createdAt(r.Created),
		Size: lister.HumanSize(r.Size, lister.SizeDigits), repo: r,
	}
}

// Reference fails for a row that has none.
func (r *tagRow) Reference() (string, error) { return r.tag.Reference() }

// MarshalJSON makes {{json .}} what the format json is.
func (r *tagRow) MarshalJSON() ([]byte, error) { return appendTag(nil, r.tag), nil }

// MarshalJSON makes {{json .}} what the format json is.
func (r *repoRow) MarshalJSON() ([]byte, error) { return appendRepo(nil, r.repo), nil }

// sampleTag is a tag to try a template on: it has all that tags can have, and no text is short.
func sampleTag() *lister.Tag {
	return &lister.Tag{
		Context: "production", Repository: "registry.example.com:5000/team/project/application", Tag: "1.2.3-rc.4-20260102-0304",
		Digests: []string{"sha256:" + strings.Repeat("0", 64)}, ID: "sha256:" + strings.Repeat("1", 64), Created: 1767323045, Size: 123_456_789,
		SharedSize: 23_456_789,
	}
}

func sampleRepo() lister.Repository {
	t := sampleTag()
	return lister.Repository{Context: t.Context, Name: t.Repository, Tags: 12, Size: t.Size, Created: t.Created}
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
