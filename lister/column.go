package lister

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// A Column is one thing that a listing shows of each row. The table, templates, JSON, the help and
// the README are all made of the two lists of columns in this file.
type Column[Row any] struct {
	Name   string // in templates: "CreatedSince"
	Title  string // in headers: "CREATED"
	Key    string // in JSON: "created"; empty: JSON does not have it
	Width  int    // of the table's column at least, gap included, in columns of a terminal
	Fields Fields // what it needs of the rows

	// Append appends the cell. Nil: a template may fail on it, so it has a method there.
	Append func(b []byte, row *Row, t *Table) []byte
	// AppendJSON appends the value, or nothing to leave the key out.
	AppendJSON func(b []byte, row *Row) []byte
}

// TagColumns returns the columns of tags.
func TagColumns() []Column[Tag] {
	return []Column[Tag]{
		{
			Name: "Context", Title: "CONTEXT", Key: "context", Width: 20,
			Append:     func(b []byte, t *Tag, _ *Table) []byte { return append(b, t.Context...) },
			AppendJSON: func(b []byte, t *Tag) []byte { return appendContext(b, t.Context) },
		},
		{
			Name: "Repository", Title: "REPOSITORY", Key: "repository", Width: 72,
			Append:     func(b []byte, t *Tag, _ *Table) []byte { return append(b, t.Repository...) },
			AppendJSON: func(b []byte, t *Tag) []byte { return appendText(b, t.Repository) },
		},
		{
			Name: "Tag", Title: "TAG", Key: "tag", Width: 27,
			Append:     func(b []byte, t *Tag, _ *Table) []byte { return append(b, t.Tag...) },
			AppendJSON: func(b []byte, t *Tag) []byte { return appendText(b, t.Tag) },
		},
		{
			Name: "Reference", Title: "REFERENCE", Key: "reference", Fields: Digests,
			AppendJSON: func(b []byte, t *Tag) []byte {
				reference, err := t.Reference()
				if err != nil {
					return append(b, "null"...)
				}
				return appendText(b, reference)
			},
		},
		{
			Name: "Digest", Title: "DIGEST", Key: "digests", Width: 74, Fields: Digests,
			Append:     func(b []byte, t *Tag, _ *Table) []byte { return append(b, t.Digest()...) },
			AppendJSON: func(b []byte, t *Tag) []byte { return appendTexts(b, t.Digests) },
		},
		{
			Name: "ID", Title: "IMAGE ID", Key: "id", Width: 20,
			Append:     func(b []byte, t *Tag, table *Table) []byte { return append(b, table.ID(t)...) },
			AppendJSON: func(b []byte, t *Tag) []byte { return appendText(b, t.ID) },
		},
		{
			Name: "CreatedSince", Title: "CREATED", Width: 20,
			Append: func(b []byte, t *Tag, table *Table) []byte { return append(b, CreatedSince(t.Created, table.Now)...) },
		},
		{
			Name: "CreatedAt", Title: "CREATED AT", Key: "created",
			Append:     func(b []byte, t *Tag, _ *Table) []byte { return append(b, CreatedAt(t.Created)...) },
			AppendJSON: func(b []byte, t *Tag) []byte { return appendTime(b, t.Created) },
		},
		sizeColumn("Size", "SIZE", "size", 0, func(t *Tag) int64 { return t.Size }),
		sizeColumn("SharedSize", "SHARED SIZE", "shared_size", SharedSize, func(t *Tag) int64 { return t.SharedSize }),
		sizeColumn("UniqueSize", "UNIQUE SIZE", "unique_size", SharedSize, (*Tag).UniqueSize),
		{
			Name: "Containers", Title: "CONTAINERS", Key: "containers", Fields: Containers,
			Append:     func(b []byte, t *Tag, _ *Table) []byte { return appendKnown(b, t.Containers, unknown) },
			AppendJSON: func(b []byte, t *Tag) []byte { return appendKnown(b, t.Containers, "null") },
		},
	}
}

// RepositoryColumns returns the columns of repositories.
func RepositoryColumns() []Column[Repository] {
	return []Column[Repository]{
		{
			Name: "Context", Title: "CONTEXT", Key: "context", Width: 20,
			Append:     func(b []byte, r *Repository, _ *Table) []byte { return append(b, r.Context...) },
			AppendJSON: func(b []byte, r *Repository) []byte { return appendContext(b, r.Context) },
		},
		{
			Name: "Repository", Title: "REPOSITORY", Key: "repository",
			Append:     func(b []byte, r *Repository, _ *Table) []byte { return append(b, r.Name...) },
			AppendJSON: func(b []byte, r *Repository) []byte { return appendText(b, r.Name) },
		},
		{
			Name: "Tags", Title: "TAGS", Key: "tags",
			Append:     func(b []byte, r *Repository, _ *Table) []byte { return strconv.AppendInt(b, int64(r.Tags), 10) },
			AppendJSON: func(b []byte, r *Repository) []byte { return strconv.AppendInt(b, int64(r.Tags), 10) },
		},
		sizeColumn("Size", "SIZE", "size", 0, func(r *Repository) int64 { return r.Size }),
		{
			Name: "CreatedSince", Title: "CREATED",
			Append: func(b []byte, r *Repository, table *Table) []byte {
				return append(b, CreatedSince(r.Created, table.Now)...)
			},
		},
		{
			Name: "CreatedAt", Title: "CREATED AT", Key: "created",
			Append:     func(b []byte, r *Repository, _ *Table) []byte { return append(b, CreatedAt(r.Created)...) },
			AppendJSON: func(b []byte, r *Repository) []byte { return appendTime(b, r.Created) },
		},
	}
}

// sizeColumn returns a column of a size in bytes, which is unknown where it is less than 0.
func sizeColumn[Row any](name, title, key string, fields Fields, size func(*Row) int64) Column[Row] {
	return Column[Row]{
		Name: name, Title: title, Key: key, Width: 20, Fields: fields,
		Append:     func(b []byte, row *Row, _ *Table) []byte { return append(b, HumanSize(size(row), SizeDigits)...) },
		AppendJSON: func(b []byte, row *Row) []byte { return appendKnown(b, size(row), "null") },
	}
}

// appendKnown appends a number, or what stands for one that is unknown, which is less than 0.
func appendKnown(b []byte, n int64, missing string) []byte {
	if n < 0 {
		return append(b, missing...)
	}
	return strconv.AppendInt(b, n, 10)
}

// appendContext appends nothing where only one engine was asked.
func appendContext(b []byte, context string) []byte {
	if context == "" {
		return b
	}
	return appendText(b, context)
}

func appendText(b []byte, text string) []byte {
	b, _ = jsontext.AppendQuote(b, text) // which fails on invalid UTF-8 only, and rows hold none
	return b
}

func appendTexts(b []byte, texts []string) []byte {
	b = append(b, '[')
	for i, text := range texts {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(b, text)
	}
	return append(b, ']')
}

// appendTime appends null where the time is unknown or cannot be written.
func appendTime(b []byte, created int64) []byte {
	if !isWritable(created) {
		return append(b, "null"...)
	}
	b = time.Unix(created, 0).UTC().AppendFormat(append(b, '"'), time.RFC3339)
	return append(b, '"')
}
