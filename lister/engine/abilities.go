package engine

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/docker/docker/api"
	"github.com/docker/docker/client"
)

// apiVariable is docker's variable for the version of the API to speak.
const apiVariable = client.EnvOverrideAPIVersion

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
	kind kind       // of the ping's Server header, such as "Docker/28.2.2 (linux)"
	api  apiVersion // to speak: the newest that both sides know; the zero value where the engine told none
}

// abilitiesOf reads them off the headers of a ping. An engine that says nothing useful has few.
func abilitiesOf(ping http.Header) abilities {
	a := abilities{kind: unknownKind}
	switch server := ping.Get("Server"); {
	case ping.Get("Libpod-Api-Version") != "", strings.HasPrefix(server, "Libpod/"):
		a.kind = podmanKind
	case strings.HasPrefix(server, "Docker/"):
		a.kind = dockerKind
	}
	newest, _ := parseVersion(api.DefaultVersion)
	if told, ok := parseVersion(ping.Get("Api-Version")); ok {
		a.api = newest
		if told.less(newest) {
			a.api = told
		}
	}
	return a
}

// path is that of an endpoint of the API. Without a version it is that of the engine's own newest.
func (a abilities) path(rest ...string) []string {
	if a.api == (apiVersion{}) {
		return rest
	}
	return append([]string{"v" + a.api.String()}, rest...)
}

// An apiVersion is one of the engine's API, such as 1.41.
type apiVersion struct{ major, minor int }

func (v apiVersion) String() string { return fmt.Sprintf("%d.%d", v.major, v.minor) }

func (v apiVersion) less(other apiVersion) bool {
	return v.major < other.major || v.major == other.major && v.minor < other.minor
}

// parseVersion reads a version in any form that an engine may tell it in: 1.41, v1.41, 1.43.0. A
// number past all numbers is just a great one.
func parseVersion(text string) (v apiVersion, ok bool) {
	parts := strings.Split(strings.TrimPrefix(text, "v"), ".")
	if len(parts) < 2 {
		return v, false
	}
	var numbers []int
	for _, part := range parts {
		if part == "" || strings.Trim(part, "0123456789") != "" {
			return v, false
		}
		number, _ := strconv.ParseUint(part, 10, 31) // out of range: the greatest
		numbers = append(numbers, int(number))
	}
	return apiVersion{numbers[0], numbers[1]}, true
}
