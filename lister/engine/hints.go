package engine

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// What to try depends on the endpoint in these cases. Addresses are part of a hint only where a shell
// takes them for a word.

const hostSocket = "/var/run/docker.sock"

// socketHint returns another engine's socket to try, if there is one, or else the hint that is given.
func socketHint(ep endpoint.Endpoint, otherwise string) string {
	for _, pattern := range ep.Sockets {
		paths, _ := filepath.Glob(pattern) // an invalid pattern has no matches
		for _, path := range paths {
			info, err := os.Stat(path)
			if err == nil && info.Mode().Type() == os.ModeSocket && endpoint.IsWord(path) {
				return "--host unix://" + path
			}
		}
	}
	return otherwise
}

// missingHint returns what to try where the endpoint's socket is not there.
func missingHint(ep endpoint.Endpoint) string {
	path, isUnix := strings.CutPrefix(ep.Host, "unix://")
	if !endpoint.IsWord(path) {
		path = hostSocket
	}
	switch {
	case isUnix && !strings.HasPrefix(path, "/"):
		return "unix:///" + path
	case ep.InContainer:
		return socketHint(ep, "docker run -v "+hostSocket+":"+path)
	}
	return socketHint(ep, "starting the engine, or --host for another address")
}

// forbiddenHint returns what to try where the endpoint's socket may not be used.
func forbiddenHint(ep endpoint.Endpoint) string {
	if ep.InContainer {
		return socketHint(ep, `docker run --group-add "$(stat -c %g `+hostSocket+`)", or with SELinux --security-opt label=disable`)
	}
	return socketHint(ep, "sudo, or a user in the group that owns the socket")
}

// notSocket returns what is in the place of the endpoint's socket, and what to try; "" if a socket is.
func notSocket(ep endpoint.Endpoint) (what, hint string) {
	path, isUnix := strings.CutPrefix(ep.Host, "unix://")
	info, err := os.Stat(path)
	if !isUnix || err != nil {
		return "", ""
	}
	kind, hint := "a device", "the path of the engine's socket"
	switch mode := info.Mode(); {
	case mode.Type() == os.ModeSocket:
		return "", ""
	case mode.IsDir():
		kind = "a folder"
		if filepath.Ext(path) == ".sock" {
			hint = "removing that folder, which docker run -v has made, and starting the engine"
		}
	case mode.IsRegular():
		kind = "a file"
	case mode&os.ModeNamedPipe != 0:
		kind = "a FIFO"
	}
	return fmt.Sprintf("it is %s and not a socket", kind), hint
}

// withoutTLS returns what to try where TLS is on and should not be.
func withoutTLS(ep endpoint.Endpoint) string {
	if ep.MeantOff != "" {
		return ep.MeantOff
	}
	return "again without DOCKER_TLS_VERIFY, DOCKER_TLS or the context's TLS material"
}

// sshHint returns the command that shows why ssh, or docker behind it, fails.
func sshHint(address string) string {
	const inWords = "ssh to that host, and docker version there"
	u, err := url.Parse(address)
	if err != nil {
		return inWords
	}
	user, host, path := u.User.Username(), u.Hostname(), strings.TrimPrefix(u.Path, "/")
	if !endpoint.IsWord(user+host+path) || strings.HasPrefix(user+host, "-") || strings.Trim(user, nameCharacters) != "" {
		return inWords
	}
	words := []string{"ssh"}
	if u.Port() != "" {
		words = append(words, "-p", u.Port())
	}
	if user != "" {
		host = user + "@" + host
	}
	words = append(words, host, "docker")
	if path != "" {
		words = append(words, "-H", "unix:///"+path)
	}
	return strings.Join(append(words, "version"), " ")
}

// sshMessage returns what ssh itself said, which docker's connhelper has at the end of its message.
func sshMessage(text string) string {
	head, said, found := strings.Cut(text, "stderr=")
	switch {
	case found && said != "":
		return "ssh: " + strings.TrimPrefix(strings.TrimSuffix(said, "."), "ssh: ")
	case found: // the words before it have ssh's arguments
		_, status, _ := strings.Cut(head, "has exited with ")
		status, _, _ = strings.Cut(status, ",")
		return "ssh failed without a message: " + status
	}
	return text
}
