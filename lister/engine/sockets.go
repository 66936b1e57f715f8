package engine

import (
	"os"
	"path/filepath"
)

// otherSockets are where engines listen that are not at the default address: rootless Docker,
// Podman, Docker Desktop and Colima.
func otherSockets(getenv func(string) string) []string {
	home, runtime := getenv("HOME"), getenv("XDG_RUNTIME_DIR")
	return []string{
		filepath.Join(runtime, "docker.sock"),
		filepath.Join(home, ".docker", "run", "docker.sock"),
		filepath.Join(home, ".docker", "desktop", "docker.sock"),
		filepath.Join(home, ".colima", "default", "docker.sock"),
		filepath.Join(runtime, "podman", "podman.sock"),
		"/run/podman/podman.sock",
	}
}

// socketHint is what to try where the endpoint's socket is missing: another one, if it is there.
func (ep Endpoint) socketHint() string {
	for _, path := range ep.sockets {
		if info, err := os.Stat(path); err == nil && info.Mode().Type() == os.ModeSocket {
			return "--host unix://" + path
		}
	}
	return "starting the engine, or --host for another address"
}
