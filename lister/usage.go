package lister

import (
	"slices"
	"strings"
)

// A Container is an entry of the engine's /containers/json, as far as rows need it.
type Container struct {
	Name    string // without a slash: "web"
	Image   string // what it was made from, as far as the engine knows: "nginx", "nginx:1.25", or an ID
	ImageID string // "sha256:7e4d58f0e5f3…"
}

// addUsage adds to rows how many containers use them, and with names, which ones. A container uses its image,
// with all the names that it has, and the name that it was made from, even where that belongs to another image
// by now, as far as the engine still reports it.
func addUsage(rows []*Row, containers []Container, names bool) {
	byID, byName := map[string][]string{}, map[repoTag][]string{}
	for _, c := range containers {
		name := escapeCell(c.Name)
		id := escapeCell(c.ImageID)
		byID[id] = append(byID[id], name)
		repository, tag := splitTag(c.Image)
		if tag == None && !strings.Contains(c.Image, "@") {
			tag = "latest"
		}
		byName[repoTag{repository, tag}] = append(byName[repoTag{repository, tag}], name)
	}
	for _, r := range rows {
		users := byID[r.ID]
		if r.Tag != None {
			users = slices.Concat(users, byName[r.name()])
		}
		users = slices.Compact(slices.Sorted(slices.Values(users)))
		r.Containers = max(r.Containers, int32(len(users))) //nolint:gosec // answers have fewer containers
		if names {
			r.Details = &Details{UsedBy: append([]string{}, users...), Labels: r.Labels()}
		}
	}
}

func usedByColumn() Column {
	return Column{
		Name: "UsedBy", Title: "USED BY", Key: "used_by", Fields: UsedBy,
		Text: func(r *Row, _ *Table) string { return strings.Join(r.UsedBy(), ",") },
		Value: func(r *Row) any {
			if names := r.UsedBy(); names != nil {
				return names
			}
			return ""
		},
	}
}
