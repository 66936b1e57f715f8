package lister

import (
	"strconv"
	"time"
)

// A Column is one thing that a listing shows of each row. The table, templates, JSON, the help and
// the README are all made of the two lists of columns in this file.
type Column[Row any] struct {
	Name   string // in templates: "CreatedSince"
	Title  string // in headers: "CREATED"
	Key    string // in JSON: "created"; "": JSON does not have it
	Width  int    // of the table's column at least, gap included, in columns of a terminal
	Fields Fields // what it needs of the rows

	// Text returns the cell. Nil: a template may fail on it, so it has a method there.
	Text func(row *Row, t *Table) string
	// Value returns what JSON has: a string, int64 or []string, or nil for null. JSON leaves out "".
	Value func(row *Row) any
}

// TagColumns returns the columns of tags.
func TagColumns() []Column[Tag] {
	return []Column[Tag]{
		textColumn("Context", "CONTEXT", "context", 20, func(t *Tag) string { return t.Context }),
		textColumn("Repository", "REPOSITORY", "repository", 72, func(t *Tag) string { return t.Repository }),
		textColumn("Tag", "TAG", "tag", 27, func(t *Tag) string { return t.Tag }),
		{
			Name: "Reference", Title: "REFERENCE", Key: "reference", Fields: Digests,
			Value: func(t *Tag) any {
				if reference, err := t.Reference(); err == nil {
					return reference
				}
				return nil
			},
		},
		{
			Name: "Digest", Title: "DIGEST", Key: "digests", Width: 74, Fields: Digests,
			Text:  func(t *Tag, _ *Table) string { return t.Digest() },
			Value: func(t *Tag) any { return t.Digests },
		},
		{
			Name: "ID", Title: "IMAGE ID", Key: "id", Width: 20,
			Text:  func(t *Tag, table *Table) string { return table.ID(t) },
			Value: func(t *Tag) any { return t.ID },
		},
		sinceColumn(func(t *Tag) int64 { return t.Created }),
		timeColumn(func(t *Tag) int64 { return t.Created }),
		sizeColumn("Size", "SIZE", "size", 0, func(t *Tag) int64 { return t.Size }),
		sizeColumn("SharedSize", "SHARED SIZE", "shared_size", SharedSize, func(t *Tag) int64 { return t.SharedSize }),
		sizeColumn("UniqueSize", "UNIQUE SIZE", "unique_size", SharedSize, (*Tag).UniqueSize),
		numberColumn("Containers", "CONTAINERS", "containers", Containers, func(t *Tag) int64 { return t.Containers }),
	}
}

// RepositoryColumns returns the columns of repositories.
func RepositoryColumns() []Column[Repository] {
	return []Column[Repository]{
		textColumn("Context", "CONTEXT", "context", 20, func(r *Repository) string { return r.Context }),
		textColumn("Repository", "REPOSITORY", "repository", 72, func(r *Repository) string { return r.Name }),
		numberColumn("Tags", "TAGS", "tags", 0, func(r *Repository) int64 { return int64(r.Tags) }),
		sizeColumn("Size", "SIZE", "size", 0, func(r *Repository) int64 { return r.Size }),
		sinceColumn(func(r *Repository) int64 { return r.Created }),
		timeColumn(func(r *Repository) int64 { return r.Created }),
	}
}

func textColumn[Row any](name, title, key string, width int, text func(*Row) string) Column[Row] {
	return Column[Row]{
		Name: name, Title: title, Key: key, Width: width,
		Text:  func(row *Row, _ *Table) string { return text(row) },
		Value: func(row *Row) any { return text(row) },
	}
}

// sinceColumn returns the column of an age, of a creation time in Unix seconds.
func sinceColumn[Row any](created func(*Row) int64) Column[Row] {
	return Column[Row]{
		Name: "CreatedSince", Title: "CREATED", Width: 20,
		Text: func(row *Row, t *Table) string { return CreatedSince(created(row), t.Now) },
	}
}

// timeColumn returns the column of a creation time in Unix seconds.
func timeColumn[Row any](created func(*Row) int64) Column[Row] {
	return Column[Row]{
		Name: "CreatedAt", Title: "CREATED AT", Key: "created",
		Text: func(row *Row, _ *Table) string { return CreatedAt(created(row)) },
		Value: func(row *Row) any {
			if at := created(row); isWritable(at) {
				return time.Unix(at, 0).UTC().Format(time.RFC3339)
			}
			return nil
		},
	}
}

// sizeColumn returns the column of a size in bytes, which is unknown where it is less than 0.
func sizeColumn[Row any](name, title, key string, fields Fields, size func(*Row) int64) Column[Row] {
	c := numberColumn(name, title, key, fields, size)
	c.Width = 20
	c.Text = func(row *Row, _ *Table) string { return HumanSize(size(row), SizeDigits) }
	return c
}

// numberColumn returns the column of a number, which is unknown where it is less than 0.
func numberColumn[Row any](name, title, key string, fields Fields, number func(*Row) int64) Column[Row] {
	return Column[Row]{
		Name: name, Title: title, Key: key, Fields: fields,
		Text: func(row *Row, _ *Table) string {
			if n := number(row); n >= 0 {
				return strconv.FormatInt(n, 10)
			}
			return unknown
		},
		Value: func(row *Row) any {
			if n := number(row); n >= 0 {
				return n
			}
			return nil
		},
	}
}
