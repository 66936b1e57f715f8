package engine

import (
	"net/http"
	"strings"

	"github.com/docker/docker/api"
	"github.com/docker/docker/api/types/versions"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// A kind is who made an engine.
type kind string

const (
	unknownKind kind = "unknown"
	dockerKind  kind = "docker"
	podmanKind  kind = "podman"
)

// abilities are what depends on an engine's kind and version. The client makes them once, after the
// ping: nothing else looks at versions.
type abilities struct {
	kind kind   // by the ping's Server header, such as "Docker/28.2.2 (linux)"
	api  string // the newest version that both sides know, such as 1.41; "": the engine reported none
}

// abilitiesOf reads them off the headers of a ping. An engine that reports nothing useful has few.
func abilitiesOf(ping http.Header) abilities {
	able := abilities{kind: unknownKind, api: endpoint.ParseVersion(ping.Get("Api-Version"))}
	switch server := ping.Get("Server"); {
	case ping.Get("Libpod-Api-Version") != "", strings.HasPrefix(server, "Libpod/"):
		able.kind = podmanKind
	case strings.HasPrefix(server, "Docker/"):
		able.kind = dockerKind
	}
	if versions.GreaterThan(able.api, api.DefaultVersion) {
		able.api = api.DefaultVersion
	}
	return able
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
