package engine

import (
	"fmt"
	"path/filepath"

	"github.com/docker/cli/cli/context/docker"
	"github.com/docker/cli/cli/context/store"
)

// DefaultContext is the name of the context that is always there: DOCKER_HOST or the default socket.
const DefaultContext = "default"

// Contexts are the names of all docker contexts, the default one first.
func Contexts(getenv func(string) string) ([]string, error) {
	names, err := store.Names(contextStore(configDir(getenv)))
	if err != nil {
		return nil, fmt.Errorf("docker's contexts: %w", err)
	}
	return append([]string{DefaultContext}, names...), nil
}

// contextStore is where docker keeps its contexts.
func contextStore(configDir string) *store.ContextStore {
	return store.New(filepath.Join(configDir, "contexts"), store.NewConfig(
		func() any { return &map[string]any{} },
		store.EndpointTypeGetter(docker.DockerEndpoint, func() any { return &docker.EndpointMeta{} }),
	))
}
