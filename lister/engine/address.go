package engine

import (
	"fmt"
	"net/url"
	"regexp"
	"runtime"
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
	host = strings.TrimSpace(host)
	if _, err := checkedHost(source, host); err != nil {
		return "", err
	}
	parsed, err := opts.ParseHost(useTLS, host)
	if err != nil {
		return "", noAddress(source, host)
	}
	return checkedHost(source, parsed)
}

// checkedHost is an address without its userinfo, which is of use to ssh alone. An address that could
// make a password pass for something else, which is then shown, is refused.
func checkedHost(source, host string) (string, error) {
	scheme, rest, found := strings.Cut(host, "://")
	switch {
	case found && scheme == "fd":
		return "", failed(source+": fd:// is for the engine's own command line", "the address that the engine listens at, such as unix:///var/run/docker.sock", nil)
	case found && scheme == "npipe" && runtime.GOOS != "windows":
		return "", failed(source+": npipe:// is for Windows", "an address such as unix:///var/run/docker.sock", nil)
	case isFile(host):
		return host, nil
	case !found:
		rest = host
	}
	end := strings.IndexAny(rest+"/", "/?#")
	authority, path := rest[:end], rest[end:]
	if strings.Contains(path, "@") || found && strings.ContainsFunc(scheme, isNotOfScheme) {
		return "", noAddress(source, host)
	}
	if !found {
		if isPath(host) {
			return "", noAddress(source, host)
		}
		return host, nil // docker adds what is missing
	}
	u, err := url.Parse(host)
	if err != nil {
		return "", noAddress(source, host)
	}
	if scheme != "ssh" {
		if at := strings.LastIndexByte(authority, '@'); at >= 0 {
			host = scheme + "://" + authority[at+1:] + path
		}
		return host, nil
	}
	if _, hasPassword := u.User.Password(); hasPassword {
		return "", failed(source+": ssh takes no password from an address", "an SSH key, and the address without the password", nil)
	}
	return host, nil
}

// noAddress says so. The text of a parser's error would quote the host, with the password that it may hold.
func noAddress(source, host string) error {
	return failed(fmt.Sprintf("%s: %q is not an engine's address", source, redacted(host)), rightForm(host), nil)
}

// isPath reports whether host, which has no scheme and slashes, is the path of a file or has one behind a
// scheme. To docker it is a host's name.
func isPath(host string) bool {
	for _, beginning := range []string{"/", "./", "../", "~", "unix:/", "tcp:/", "ssh:/"} {
		if strings.HasPrefix(host, beginning) {
			return true
		}
	}
	return false
}

// isFile reports whether host is a file of this machine.
func isFile(host string) bool {
	scheme, _, found := strings.Cut(host, "://")
	return found && (scheme == "unix" || scheme == "npipe")
}

// isLocal reports whether host is reached through a file or a command of this machine, where TLS has
// no place.
func isLocal(host string) bool {
	scheme, _, _ := strings.Cut(host, "://")
	return scheme != "tcp" && scheme != "http" && scheme != "https"
}

// redacted leaves out the userinfo of an address, wherever it may end. A file's name has none.
func redacted(host string) string {
	if isFile(host) {
		return host
	}
	at := strings.LastIndexByte(host, '@')
	if at < 0 {
		return host
	}
	scheme, _, found := strings.Cut(host[:at], "://")
	if !found || strings.ContainsFunc(scheme, isNotOfScheme) {
		return host[at+1:]
	}
	return scheme + "://" + host[at+1:]
}

func isNotOfScheme(r rune) bool {
	return !strings.ContainsRune("+.-0123456789", r) && (r|0x20 < 'a' || r|0x20 > 'z')
}

// Redact leaves out the userinfo of every address in text.
func Redact(text string) string {
	if !strings.Contains(text, "@") || !strings.Contains(text, "://") {
		return text
	}
	addresses := regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://\S*@\S*`)
	return addresses.ReplaceAllStringFunc(text, redacted)
}

// RedactAddress leaves out the userinfo of text, if that is an address.
func RedactAddress(text string) string {
	if strings.Contains(text, "://") {
		return redacted(text)
	}
	return text
}
