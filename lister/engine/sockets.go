package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// otherSockets are where engines listen that are not at the default address: rootless Docker,
// Podman, Docker Desktop, OrbStack, Rancher Desktop, Colima and Lima.
func otherSockets(getenv func(string) string) []string {
	runtime, home := getenv("XDG_RUNTIME_DIR"), getenv("HOME")
	settings := getenv("XDG_CONFIG_HOME")
	if settings == "" {
		settings = filepath.Join(home, ".config")
	}
	var found []string
	for _, of := range []struct {
		folder  string
		sockets []string
	}{
		{runtime, []string{"docker.sock", "podman/podman.sock"}},
		{filepath.Join("/run/user", strconv.Itoa(os.Getuid())), []string{"docker.sock", "podman/podman.sock"}},
		{home, []string{
			".docker/run/docker.sock", ".docker/desktop/docker.sock", ".orbstack/run/docker.sock", ".rd/docker.sock",
			".colima/default/docker.sock", ".colima/docker.sock", ".lima/docker/sock/docker.sock", ".lima/default/sock/docker.sock",
			".local/share/containers/podman/machine/podman.sock",
		}},
		{settings, []string{"colima/default/docker.sock"}},
		{"/run/podman", []string{"podman.sock"}},
	} {
		if !filepath.IsAbs(of.folder) { // nothing is looked for in the working folder
			continue
		}
		for _, name := range of.sockets {
			found = append(found, filepath.Join(of.folder, name))
		}
	}
	return found
}

// socketHint is what to try where the endpoint's socket is missing: another one, if it is there.
func (ep Endpoint) socketHint() string {
	for _, path := range ep.sockets {
		if info, err := os.Stat(path); err == nil && info.Mode().Type() == os.ModeSocket && IsWord(path) {
			return "--host unix://" + path
		}
	}
	return "starting the engine, or --host for another address"
}

// noSocket tells that something else is where the endpoint's socket should be; or it is empty.
func (ep Endpoint) noSocket() (what, hint string) {
	path, isSocket := strings.CutPrefix(ep.Host, "unix://")
	info, err := os.Stat(path)
	switch {
	case !isSocket, err != nil, info.Mode().Type() == os.ModeSocket:
		return "", ""
	case info.IsDir():
		return "it is a folder and not a socket", "removing that folder, which docker run -v makes where there is no socket, and starting the engine"
	}
	return fmt.Sprintf("it is not a socket, but %s", kindOf(info.Mode())), "the path of the engine's socket"
}

func kindOf(mode os.FileMode) string {
	switch {
	case mode.IsRegular():
		return "a file"
	case mode&os.ModeNamedPipe != 0:
		return "a FIFO"
	}
	return "a device"
}

// IsWord tells that a shell takes text for a single word, and runs nothing of it.
func IsWord(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			return false
		}
		return !strings.ContainsRune("-._/:+", r)
	})
}
