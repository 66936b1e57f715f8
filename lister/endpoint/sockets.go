package endpoint

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// otherSockets returns where engines listen that are not at the default address: rootless Docker,
// Podman, Docker Desktop, OrbStack, Rancher Desktop, Colima and Lima. A star stands for any name of
// a virtual machine. Nothing is looked for in the working folder.
func otherSockets(getenv func(string) string) []string {
	variables := map[string]string{
		"HOME": homeFolder(getenv), "UID": strconv.Itoa(os.Getuid()),
		"XDG_RUNTIME_DIR": getenv("XDG_RUNTIME_DIR"), "XDG_CONFIG_HOME": getenv("XDG_CONFIG_HOME"),
	}
	var found []string
	for _, pattern := range strings.Fields(`
		$XDG_RUNTIME_DIR/docker.sock      $XDG_RUNTIME_DIR/podman/podman.sock
		/run/user/$UID/docker.sock        /run/user/$UID/podman/podman.sock
		$HOME/.docker/run/docker.sock     $HOME/.docker/desktop/docker.sock
		$HOME/.orbstack/run/docker.sock   $HOME/.rd/docker.sock
		$HOME/.colima/default/docker.sock $HOME/.colima/docker.sock
		$HOME/.colima/*/docker.sock       $HOME/.lima/*/sock/docker.sock
		$HOME/.local/share/containers/podman/machine/podman.sock
		$HOME/.config/colima/default/docker.sock     $HOME/.config/colima/*/docker.sock
		$XDG_CONFIG_HOME/colima/default/docker.sock  $XDG_CONFIG_HOME/colima/*/docker.sock
		/run/podman/podman.sock`) {
		if path := os.Expand(pattern, func(name string) string { return variables[name] }); filepath.IsAbs(path) {
			found = append(found, path)
		}
	}
	return found
}
