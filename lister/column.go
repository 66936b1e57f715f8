package lister

import (
	"slices"
	"strconv"
	"time"
)

// A Column is one thing that a listing shows of each row. The table, templates, JSON, the help and
// the README are all made of the list of columns in this file.
type Column struct {
	Name   string // in templates: "CreatedSince"
	Title  string // in headers: "CREATED"
	Key    string // in JSON: "created"; "": JSON does not have it
	Width  int    // of the table's column at least, gap included, in columns of a terminal
	Fields Fields // what it needs of the rows

	// Text returns the cell. Nil: a template may fail on it, so it has a method there.
	Text func(row *Row, t *Table) string
	// Value returns what JSON has: a string, int64, []string or map[string]string, or nil for null. JSON leaves
	// out "".
	Value func(row *Row) any
}

// TagColumns returns the columns of tags.
func TagColumns() []Column {
	return pick("Context", "Repository", "Tag", "Reference", "Digest", "ID", "CreatedSince", "CreatedAt",
		"Size", "Bytes", "SharedSize", "UniqueSize", "Containers", "UsedBy", "Labels", "Label")
}

// RepositoryColumns returns the columns of repositories.
func RepositoryColumns() []Column {
	return pick("Context", "Repository", "Tags", "Size", "Bytes", "CreatedSince", "CreatedAt")
}

func columns() []Column {
	return []Column{
		textColumn("Context", "CONTEXT", "context", 20, func(r *Row) string { return r.Context }),
		textColumn("Repository", "REPOSITORY", "repository", 72, func(r *Row) string { return r.Repository }),
		textColumn("Tag", "TAG", "tag", 27, func(r *Row) string { return r.Tag }),
		{
			Name: "Reference", Title: "REFERENCE", Key: "reference", Fields: Digests,
			Value: func(r *Row) any {
				if reference, err := r.Reference(); err == nil {
					return reference
				}
				return nil
			},
		},
		{
			Name: "Digest", Title: "DIGEST", Key: "digests", Width: 74, Fields: Digests,
			Text:  func(r *Row, _ *Table) string { return r.Digest() },
			Value: func(r *Row) any { return r.Digests },
		},
		{
			Name: "ID", Title: "IMAGE ID", Key: "id", Width: 20,
			Text:  func(r *Row, t *Table) string { return t.ID(r) },
			Value: func(r *Row) any { return r.ID },
		},
		{
			Name: "CreatedSince", Title: "CREATED", Width: 20,
			Text: func(r *Row, t *Table) string { return createdSince(r.Created, t.Now) },
		},
		{
			Name: "CreatedAt", Title: "CREATED AT", Key: "created",
			Text: func(r *Row, _ *Table) string {
				if at, known := createdAt(r.Created); known {
					return at.String()
				}
				return unknown
			},
			Value: func(r *Row) any {
				if at, known := createdAt(r.Created); known {
					return at.Format(time.RFC3339)
				}
				return nil
			},
		},
		numberColumn("Tags", "TAGS", "tags", 0, func(r *Row) int64 { return int64(r.Tags) }),
		sizeColumn("Size", "SIZE", "size", 0, func(r *Row) int64 { return r.Size }),
		numberColumn("Bytes", "BYTES", "", 0, func(r *Row) int64 { return r.Size }),
		sizeColumn("SharedSize", "SHARED SIZE", "shared_size", SharedSize, func(r *Row) int64 { return r.SharedSize }),
		sizeColumn("UniqueSize", "UNIQUE SIZE", "unique_size", SharedSize, (*Row).UniqueSize),
		numberColumn("Containers", "CONTAINERS", "containers", Containers, func(r *Row) int64 { return int64(r.Containers) }),
		usedByColumn(),
		labelsColumn(),
		{Name: "Label", Title: "LABEL", Fields: Labels}, // with a key
	}
}

// pick returns the columns with these names, in their order.
func pick(names ...string) []Column {
	all, picked := columns(), make([]Column, len(names))
	for i, name := range names {
		picked[i] = all[slices.IndexFunc(all, func(c Column) bool { return c.Name == name })]
	}
	return picked
}

func textColumn(name, title, key string, width int, text func(*Row) string) Column {
	return Column{
		Name: name, Title: title, Key: key, Width: width,
		Text:  func(row *Row, _ *Table) string { return text(row) },
		Value: func(row *Row) any { return text(row) },
	}
}

// sizeColumn returns the column of a size in bytes, which is unknown where it is less than 0.
func sizeColumn(name, title, key string, fields Fields, size func(*Row) int64) Column {
	c := numberColumn(name, title, key, fields, size)
	c.Width = 20
	c.Text = func(row *Row, _ *Table) string { return HumanSize(size(row), SizeDigits) }
	return c
}

// numberColumn returns the column of a number, which is unknown where it is less than 0.
func numberColumn(name, title, key string, fields Fields, number func(*Row) int64) Column {
	return Column{
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
