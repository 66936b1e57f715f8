package endpoint

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

// parseHost returns an address with what docker adds to it: "tcp://", a default port.
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

// checkedHost returns an address without its userinfo, which only ssh uses. It refuses an address in which
// a password could pass for another part, which would be shown.
func checkedHost(source, host string) (string, error) {
	scheme, rest, found := strings.Cut(host, "://")
	if !found {
		scheme, rest = "", host
	}
	end := strings.IndexAny(rest+"/", "/?#")
	authority, path := rest[:end], rest[end:]
	parsed, err := url.Parse(host)
	// Docker takes a path, or one behind a scheme, for a host's name.
	isPath := !found && regexp.MustCompile(`^(/|\.\.?/|~|(unix|tcp|ssh):/)`).MatchString(host)
	switch {
	case scheme == "unix", scheme == "npipe" && runtime.GOOS == "windows":
		return host, nil
	case scheme == "fd", scheme == "npipe", strings.Contains(path, "@"), !isScheme(scheme), isPath, found && err != nil:
		return "", noAddress(source, host)
	case !found:
		return host, nil // docker adds the scheme
	case scheme != "ssh":
		return scheme + "://" + authority[strings.LastIndexByte(authority, '@')+1:] + path, nil
	}
	if _, hasPassword := parsed.User.Password(); hasPassword {
		return "", &Failure{source + ": ssh takes no password from an address", tryKey, nil}
	}
	return host, nil
}

// noAddress returns an error that quotes the host without a password. A parser's error might hold it.
func noAddress(source, host string) error {
	return &Failure{fmt.Sprintf("%s: %q is not an engine's address", source, redacted(host)), rightForm(host), nil}
}

// rightForm returns the address that host nearly is, or examples.
func rightForm(host string) string {
	nearly := regexp.MustCompile(`^(?:(unix|tcp|ssh):|/*)/([^/].*)$`).FindStringSubmatch(host)
	switch {
	case nearly == nil, !IsWord(nearly[2]):
		return tryAddress
	case nearly[1] == "tcp", nearly[1] == "ssh":
		return nearly[1] + "://" + nearly[2]
	}
	return "unix:///" + nearly[2]
}

func isScheme(text string) bool { return strings.Trim(text, lettersAndDigits+"+.-") == "" }

// redacted returns an address without its userinfo, wherever that ends. A file's name has none.
func redacted(host string) string {
	at := strings.LastIndexByte(host, '@')
	if at < 0 || strings.HasPrefix(host, "unix://") || strings.HasPrefix(host, "npipe://") {
		return host
	}
	scheme, _, found := strings.Cut(host[:at], "://")
	if !found || !isScheme(scheme) {
		return host[at+1:]
	}
	return scheme + "://" + host[at+1:]
}

// Redact returns text without the userinfo of the addresses in it.
func Redact(text string) string {
	return regexp.MustCompile(`[A-Za-z][A-Za-z0-9+.-]*://\S*@\S*`).ReplaceAllStringFunc(text, redacted)
}

// RedactAddress returns text without its userinfo, if it is an address.
func RedactAddress(text string) string {
	if strings.Contains(text, "://") {
		return redacted(text)
	}
	return text
}

// IsWord reports whether a shell takes text for a single word, and runs nothing of it.
func IsWord(text string) bool { return strings.Trim(text, lettersAndDigits+"+.-_/:") == "" }

const lettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
