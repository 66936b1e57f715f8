package engine

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
)

// What to try depends on the endpoint in these cases. Addresses are part of a hint only where a shell
// takes them for a word.

const hostSocket = "/var/run/docker.sock"

// containerMarks are files that Docker and Podman put into each container.
func containerMarks() []string { return []string{"/.dockerenv", "/run/.containerenv"} }

// inContainer reports whether the program runs in a container of Docker's or Podman's.
func (ep Endpoint) inContainer() bool {
	return slices.ContainsFunc(ep.containerMarks, func(path string) bool {
		_, err := os.Stat(path)
		return err == nil
	})
}

// missingHint is what to try where the endpoint's socket is not there.
func (ep Endpoint) missingHint() string {
	path, isUnix := strings.CutPrefix(ep.Host, "unix://")
	if !IsWord(path) {
		path = hostSocket
	}
	hint := "starting the engine, or --host for another address"
	switch {
	case isUnix && !strings.HasPrefix(path, "/"):
		return "unix:///" + path
	case ep.inContainer():
		hint = "docker run -v " + hostSocket + ":" + path
	}
	return ep.socketHint(hint)
}

// forbiddenHint is what to try where the endpoint's socket may not be used.
func (ep Endpoint) forbiddenHint() string {
	hint := "sudo, or a user in the group that owns the socket"
	if ep.inContainer() {
		hint = `docker run --group-add "$(stat -c %g ` + hostSocket + `)", or with SELinux --security-opt label=disable`
	}
	return ep.socketHint(hint)
}

// withoutTLS is what to try where TLS is on and should not be.
func (ep Endpoint) withoutTLS() string {
	if ep.meantOff != "" {
		return ep.meantOff
	}
	return "again without DOCKER_TLS_VERIFY, DOCKER_TLS or the context's TLS material"
}

// meantOff is what to try where a variable has turned TLS on with a value that means no elsewhere.
func meantOff(getenv func(string) string) string {
	for _, name := range []string{"DOCKER_TLS_VERIFY", "DOCKER_TLS"} {
		value := getenv(name)
		on, err := strconv.ParseBool(strings.ToLower(value))
		if err == nil && !on || slices.Contains([]string{"no", "off"}, strings.ToLower(value)) {
			return fmt.Sprintf("again without %s: any value turns TLS on, even %s", name, value)
		}
	}
	return ""
}

// sshHint is the command that shows why ssh, or docker behind it, fails.
func (ep Endpoint) sshHint() string {
	const inWords = "ssh to that host, and docker version there"
	u, err := url.Parse(ep.Host)
	if err != nil {
		return inWords
	}
	user, host, path := u.User.Username(), u.Hostname(), strings.TrimPrefix(u.Path, "/")
	if !IsWord(user+host+path) || strings.HasPrefix(user+host, "-") || u.User != nil && strings.Trim(user, nameCharacters) != "" {
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

// rightForm is the address that host nearly is, or examples of some.
func rightForm(host string) string {
	for _, scheme := range []string{"unix", "tcp", "ssh"} {
		rest, found := strings.CutPrefix(host, scheme+":/")
		found = found && !strings.HasPrefix(rest, "/")
		if scheme == "unix" && strings.HasPrefix(host, "/") {
			rest, found = host, true
		}
		rest = strings.TrimLeft(rest, "/")
		switch {
		case !found || rest == "" || !IsWord(rest):
		case scheme == "unix":
			return "unix:///" + rest
		default:
			return scheme + "://" + rest
		}
	}
	return "one like unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or ssh://host"
}
