package engine

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// What to try depends on the endpoint in these cases. Addresses are part of a hint only where a shell
// takes them for a word.

// socketHint returns another engine's socket to try, if there is one, or else the hint that is given: inside
// a container, or on a host.
func socketHint(ep endpoint.Endpoint, inside, host string) string {
	for _, pattern := range ep.Sockets {
		paths, _ := filepath.Glob(pattern) // an invalid pattern has no matches
		for _, path := range paths {
			info, err := os.Stat(path)
			if err == nil && info.Mode().Type() == os.ModeSocket && endpoint.IsWord(path) {
				return "--host unix://" + path
			}
		}
	}
	if ep.InContainer {
		return inside
	}
	return host
}

// mountHint returns the flag of docker run that has the host's socket where the endpoint's is to be.
func mountHint(ep endpoint.Endpoint) string {
	const socket = "/var/run/docker.sock"
	if path := strings.TrimPrefix(ep.Host, "unix://"); endpoint.IsWord(path) {
		return "docker run -v " + socket + ":" + path
	}
	return "docker run -v " + socket + ":" + socket
}

// notSocket returns what is in the place of the endpoint's socket, and what to try; "" if a socket is.
func notSocket(ep endpoint.Endpoint) (what, hint string) {
	path, isUnix := strings.CutPrefix(ep.Host, "unix://")
	info, err := os.Stat(path)
	switch {
	case !isUnix, err != nil, info.Mode().Type() == os.ModeSocket:
		return "", ""
	case info.IsDir() && filepath.Ext(path) == ".sock":
		return "it is a folder and not a socket", "removing that folder, which docker run -v has made, and starting the engine"
	}
	return "it is not a socket", "the path of the engine's socket"
}

// sshHint returns the command that shows why ssh, or docker behind it, fails.
func sshHint(address string) string {
	const inWords = "ssh to that host, and docker version there"
	u, err := url.Parse(address)
	if err != nil {
		return inWords
	}
	host, path := strings.TrimPrefix(u.User.Username()+"@"+u.Hostname(), "@"), strings.TrimPrefix(u.Path, "/")
	if !endpoint.IsWord(strings.Replace(host, "@", "", 1)+path) || strings.HasPrefix(host, "-") {
		return inWords
	}
	command := "ssh "
	if u.Port() != "" {
		command += "-p " + u.Port() + " "
	}
	command += host + " docker "
	if path != "" {
		command += "-H unix:///" + path + " "
	}
	return command + "version"
}

// sshMessage returns what ssh itself printed, which docker's connhelper has at the end of its message.
func sshMessage(text string) string {
	head, printed, found := strings.Cut(text, "stderr=")
	switch {
	case found && printed != "":
		return "ssh: " + strings.TrimPrefix(strings.TrimSuffix(printed, "."), "ssh: ")
	case found: // the words before it have ssh's arguments
		_, status, _ := strings.Cut(head, "has exited with ")
		status, _, _ = strings.Cut(status, ",")
		return "ssh failed without a message: " + status
	}
	return text
}
