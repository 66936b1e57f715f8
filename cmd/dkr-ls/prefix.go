package main

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// prefix reads the beginning of repositories for the flag of this name. What none can begin with is
// refused, since it would select nothing, or spare nothing, without a word.
func prefix(flag string, to *[]string) setter {
	return func(text string) error {
		right := rightForms(text)
		switch {
		case text == "" && flag == "--exclude": // such as an unset variable
			return errors.New("every repository starts with that")
		case text == "", len(right) == 1 && right[0] == text:
			*to = append(*to, text)
			return nil
		case right == nil:
			return errors.New("no repository can start with that, only with plain text such as team/")
		}
		reason, guess := "no repository can start with that", ""
		if listed := asListed(text); listed != text && listed == right[0] {
			reason = "docker lists it as " + listed
		}
		for _, form := range right {
			if !endpoint.IsWord(form) {
				form = "'" + form + "'"
			}
			guess += " " + flag + " " + form
		}
		return errors.New(reason + suggestion(guess[1:]))
	}
}

// rightForms returns what text was probably meant for: itself where a repository can begin with it, or each
// of several texts, a pattern up to its first wildcard, a name without its tag, and without Docker Hub. It
// returns nil where that is nothing, and for a URL, since that may hold a password.
func rightForms(text string) (right []string) {
	beginnings := beginnings()
	port := regexp.MustCompile(`^([a-z0-9_-]+):[0-9]*$`) // or a tag
	for part := range strings.SplitSeq(text, ",") {
		part = asListed(strings.TrimLeft(strings.TrimSpace(part), "/"))
		beginning := beginnings.FindString(part)
		if beginning != part || isTagged(part) {
			beginning = port.ReplaceAllString(beginning, "$1")
		}
		if beginning == "" || strings.Contains(text, "://") {
			return nil
		}
		right = append(right, beginning)
	}
	return right
}

// isTagged reports whether text is one like redis:7, which could also be a registry with half its port. A
// host with a dot or an upper-case letter, or localhost, is a registry to docker.
func isTagged(text string) bool {
	name, tag, _ := strings.Cut(text, ":")
	return tag != "" && !strings.ContainsAny(text, "./[") && name == strings.ToLower(name) && name != "localhost"
}

// asListed returns text as docker lists it, which leaves out Docker Hub and its folder of official images.
func asListed(text string) string {
	path := regexp.MustCompile(`^(index\.)?docker\.io(/|$)`).ReplaceAllString(text, "")
	if official, found := strings.CutPrefix(path, "library/"); found && official != "" && !strings.Contains(official, "/") {
		return official
	}
	return path
}

// beginnings returns what finds the text that a row's repository can begin with: a part of a host, or a part
// of a path, behind a whole host or none; or a part of <none>. A spec holds it to github.com/distribution/reference.
func beginnings() *regexp.Regexp {
	const (
		label = `[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?`
		ipv6  = `\[[a-fA-F0-9:]+`
		host  = `(?:` + label + `(?:\.` + label + `)*|` + ipv6 + `\])`
		word  = `[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*`

		inHost = `(?:` + label + `\.)*[a-zA-Z0-9][a-zA-Z0-9-]*|(?:` + label + `\.)+|\[|` + ipv6 + `\]?|` + host + `:[0-9]*`
		inPath = `(?:` + host + `(?::[0-9]+)?/)?(?:` + word + `/)*(?:` + word + `(?:\.|__?|-+)?)?`
		none   = `<(?:n(?:o(?:n(?:e>?)?)?)?)?`
	)
	longest := regexp.MustCompile(`^(?:` + inHost + `|` + inPath + `|` + none + `)`)
	longest.Longest()
	return longest
}

// isPrefix reports whether an argument was probably meant for --prefix: no command, no value of a flag that
// stands alone.
func isPrefix(arg string) bool {
	_, notCommand := lookup(arg)
	_, notBool := strconv.ParseBool(arg)
	return notCommand != nil && notBool != nil && aliases()[arg] == "" && endpoint.IsWord(arg) && prefix("", new([]string))(arg) == nil
}
