package engine

import (
	"net/url"
	"strings"

	"github.com/docker/docker/api/types/filters"

	"github.com/dkr-ls/dkr-ls/lister"
)

// Docker's reference filter is a path.Match pattern of a familiar name, with its tag or digest or without. A *
// does not cross a slash, so a prefix takes a pattern for every two depths. An engine with the containerd store
// needs about 4 ms for each image that it lists, so that the question pays; with a graph driver it costs about
// as much as it saves, as long as patterns are few.
const (
	perPrefix = 13      // patterns: 24 folders below the prefix; no forge nests groups deeper than about 20
	maxFilter = 7 << 10 // bytes, as servers in front of engines take 8 KiB of a request's first line
)

// query is what the list is asked for with, as far as the engine is known to know how.
func (a abilities) query(want lister.Want) string {
	var query []string
	if filter := a.nameFilter(want); filter != "" {
		query = append(query, "filters="+filter)
	}
	if a.tellsShared(want) {
		query = append(query, "shared-size=1")
	}
	return strings.Join(query, "&")
}

// tellsShared reports whether the engine says what images share. Podman says 0 whatever it is asked.
func (a abilities) tellsShared(want lister.Want) bool {
	return want.SharedSize && a.kind != podmanKind && !a.api.less(apiVersion{1, 42})
}

// nameFilter leaves out names that start with none of the prefixes. There is none beside what images share:
// an engine with the containerd store would compare only the images that pass.
func (a abilities) nameFilter(want lister.Want) string {
	if !a.filtersNames() || len(want.Prefixes) == 0 || want.SharedSize {
		return ""
	}
	patterns, err := filters.ToJSON(patternsOf(want.Prefixes))
	if err != nil || patterns == "" {
		return ""
	}
	// A query may hold these as they are, and there are many of them.
	filter := strings.NewReplacer("%2F", "/", "%2A", "*", "%3A", ":", "%2C", ",").Replace(url.QueryEscape(patterns))
	if len(filter) > maxFilter {
		return ""
	}
	return filter
}

// filtersNames reports whether the engine is Docker's, of a version that may have the containerd store. The
// older ones list a name as soon as they match it, and other engines match otherwise.
func (a abilities) filtersNames() bool {
	return a.kind == dockerKind && !a.api.less(apiVersion{1, 44})
}

// patternsOf are those of the names that start with a prefix. There are none where a prefix may start
// what is no name, such as <none>, or what is shown escaped.
func patternsOf(prefixes []string) filters.Args {
	patterns := filters.NewArgs()
	for _, prefix := range prefixes {
		if strings.Trim(prefix, nameCharacters) != "" || prefix == "" {
			return filters.Args{}
		}
		pattern := strings.NewReplacer("[", `\[`, "]", `\]`).Replace(prefix) + "*"
		patterns.Add("reference", pattern)
		pattern += "/*"
		for range perPrefix - 1 {
			// The last character is a slash, or what is before the tag: of this depth, and of the next.
			patterns.Add("reference", pattern+"[/:]*")
			pattern += "/*/*"
		}
	}
	return patterns
}

// nameCharacters are those of repositories, the addresses of registries included.
const nameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:[]"
