package engine

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/docker/cli/opts"
)

// CheckHost fails where host, which source named, cannot be an engine's address.
func CheckHost(source, host string) error {
	_, err := parseHost(source, false, host)
	return err
}

// parseHost adds what docker adds to an address: "tcp://", a default port.
func parseHost(source string, useTLS bool, host string) (string, error) {
	parsed, err := opts.ParseHost(useTLS, host)
	if err == nil {
		_, err = url.Parse(parsed)
	}
	if err != nil {
		// Its text would quote the host, with the password that it may hold.
		return "", hinted(fmt.Errorf("%s: %q is no engine's address", source, redacted(host)), "one like unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or ssh://user@host")
	}
	return parsed, nil
}

// isLocal tells that host is reached through a file or a command of this machine, where TLS has
// no place.
func isLocal(host string) bool {
	scheme, _, _ := strings.Cut(host, "://")
	return scheme != "tcp" && scheme != "http" && scheme != "https"
}

// redacted leaves out the userinfo of a URL: all of it, save for the user's name of ssh.
func redacted(host string) string {
	scheme, rest, found := strings.Cut(host, "://")
	if !found {
		scheme, rest = "", host
	}
	authority, path, slash := strings.Cut(rest, "/")
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user, _, _ := strings.Cut(authority[:at], ":")
		authority = authority[at+1:]
		if scheme == "ssh" {
			authority = user + "@" + authority
		}
	}
	if found {
		authority = scheme + "://" + authority
	}
	if slash {
		authority += "/" + path
	}
	return authority
}
