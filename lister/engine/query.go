package engine

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/docker/docker/api"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/versions"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// abilities are what depends on an engine's maker and version. The client takes them from headers: nothing else
// looks at versions.
type abilities struct {
	isDocker, isPodman bool
	api                string // the newest version that both sides know, such as 1.41; "": the engine reported none
}

// abilitiesOf reads them off the headers of a ping. An engine that reports nothing useful has few.
func abilitiesOf(ping http.Header) abilities {
	able := abilities{api: endpoint.ParseVersion(ping.Get("Api-Version"))}
	able.isDocker, able.isPodman = maker(ping)
	if versions.GreaterThan(able.api, api.DefaultVersion) {
		able.api = api.DefaultVersion
	}
	return able
}

// maker reports who made the engine that sent this header.
func maker(header http.Header) (isDocker, isPodman bool) {
	server := header.Get("Server") // such as "Docker/28.2.2 (linux)"
	return strings.HasPrefix(server, "Docker/"), strings.HasPrefix(server, "Libpod/")
}

// since reports whether the engine's API is of this version or a later one.
func (a abilities) since(version string) bool {
	return versions.GreaterThanOrEqualTo(a.api, version)
}

// path returns the path of an endpoint of the API, in the version to use. Without one, engines use their newest.
func (a abilities) path(rest ...string) []string {
	if a.api == "" {
		return rest
	}
	return append([]string{"v" + a.api}, rest...)
}

// query returns the query of the list's request, as far as the engine is known to support it.
func (a abilities) query(want lister.Want) string {
	var query []string
	if filter := a.nameFilter(want); filter != "" {
		query = append(query, "filters="+filter)
	}
	if a.reportsShared(want) {
		query = append(query, "shared-size=1")
	}
	return strings.Join(query, "&")
}

// reportsShared reports whether the engine says what images share. Podman always says 0.
func (a abilities) reportsShared(want lister.Want) bool {
	return want.SharedSize && !a.isPodman && a.since("1.42")
}

// nameFilter returns a filter of the names that are wanted, or start with a prefix; "": all names. Docker's
// engines before API 1.44, which have graph drivers only, list a name as soon as they match it; other engines
// match otherwise. Where sizes are to be compared, one with the containerd store would compare only the images
// that pass.
func (a abilities) nameFilter(want lister.Want) string {
	if !a.isDocker || !a.since("1.44") || want.SharedSize {
		return ""
	}
	args := filters.NewArgs()
	if !addNames(args, want.Names) || !addPrefixes(args, want.Prefixes) {
		return ""
	}
	text, err := filters.ToJSON(args)
	if err != nil {
		return ""
	}
	// A query may hold these as they are, and there are many of them.
	filter := strings.NewReplacer("%2F", "/", "%2A", "*", "%3A", ":", "%2C", ",").Replace(url.QueryEscape(text))
	if len(filter) > maxFilter {
		return ""
	}
	return filter
}

// Docker's reference filter is a path.Match pattern of a familiar name, with its tag or digest or without. A *
// does not cross a slash, so a prefix takes a pattern for every two depths. An engine with the containerd store
// needs about 4 ms for each image that it lists, so that the question pays; with a graph driver it costs about
// as much as it saves, as long as patterns are few.
const (
	perPrefix = 13      // patterns: 24 folders below the prefix; no forge nests groups deeper than about 20
	maxFilter = 7 << 10 // bytes, as servers in front of engines take 8 KiB of a request's first line
)

// addNames adds patterns of these names. ok is false where one may be a name that is shown escaped.
func addNames(args filters.Args, names []string) (ok bool) {
	for _, name := range names {
		if strings.Trim(name, nameCharacters) != "" {
			return false
		}
		args.Add("reference", escapeBrackets(name))
	}
	return true
}

// addPrefixes adds patterns of the names that start with a prefix. ok is false where a prefix may be that of
// something else: of <none>, or of a name that is shown escaped.
func addPrefixes(args filters.Args, prefixes []string) (ok bool) {
	for _, prefix := range prefixes {
		if strings.Trim(prefix, nameCharacters) != "" || prefix == "" {
			return false
		}
		pattern := escapeBrackets(prefix) + "*"
		args.Add("reference", pattern)
		pattern += "/*"
		for range perPrefix - 1 {
			// The last character is a slash, or what is before the tag: of this depth, and of the next.
			args.Add("reference", pattern+"[/:]*")
			pattern += "/*/*"
		}
	}
	return true
}

// nameCharacters are those of repositories, the addresses of registries included.
const nameCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:[]"

// escapeBrackets returns a name whose brackets path.Match takes for themselves.
func escapeBrackets(name string) string {
	return strings.NewReplacer("[", `\[`, "]", `\]`).Replace(name)
}
