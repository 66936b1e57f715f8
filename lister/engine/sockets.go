package engine

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
)

// otherSockets are where engines listen that are not at the default address: rootless Docker,
// Podman, Docker Desktop, OrbStack, Rancher Desktop, Colima and Lima. A star stands for any name of
// a virtual machine.
func otherSockets(getenv func(string) string) []string {
	runtime, home := getenv("XDG_RUNTIME_DIR"), homeFolder(getenv)
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
			".colima/default/docker.sock", ".colima/docker.sock", ".colima/*/docker.sock", ".lima/*/sock/docker.sock",
			".local/share/containers/podman/machine/podman.sock",
		}},
		{settings, []string{"colima/default/docker.sock", "colima/*/docker.sock"}},
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

// homeFolder is the user's, as docker has it; "": there is none.
func homeFolder(getenv func(string) string) string {
	if home := getenv("HOME"); home != "" {
		return home
	}
	if u, err := user.Current(); err == nil {
		return u.HomeDir
	}
	return ""
}

// socketHint is what to try where nothing answers at the endpoint's socket: another one, if it is
// there, or else what is given.
func (ep Endpoint) socketHint(or string) string {
	for _, pattern := range ep.sockets {
		paths, _ := filepath.Glob(pattern) // it fails for patterns that are none
		for _, path := range paths {
			if isSocket(path) && IsWord(path) {
				return "--host unix://" + path
			}
		}
	}
	return or
}

func isSocket(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Type() == os.ModeSocket
}

// noSocket says what is in the place of the endpoint's socket, if that is something else.
func (ep Endpoint) noSocket() (what, hint string) {
	path, isUnix := strings.CutPrefix(ep.Host, "unix://")
	info, err := os.Stat(path)
	switch {
	case !isUnix, err != nil, info.Mode().Type() == os.ModeSocket:
		return "", ""
	case info.IsDir() && filepath.Ext(path) == ".sock":
		return "it is a folder and not a socket", "removing that folder, which docker run -v has made, and starting the engine"
	}
	return fmt.Sprintf("it is %s and not a socket", kindOf(info.Mode())), "the path of the engine's socket"
}

func kindOf(mode os.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode.IsRegular():
		return "a file"
	case mode&os.ModeNamedPipe != 0:
		return "a FIFO"
	}
	return "a device"
}

// IsWord reports whether a shell takes text for a single word, and runs nothing of it.
func IsWord(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			return false
		}
		return !strings.ContainsRune("-._/:+", r)
	})
}
