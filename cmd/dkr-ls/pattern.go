package main

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/distribution/reference"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// patterns reads the arguments that choose names.
func patterns(args []string) ([]lister.Pattern, error) {
	all := make([]lister.Pattern, len(args))
	for i, text := range args {
		var err error
		if all[i], err = parsePattern(text, ""); err != nil {
			return nil, fmt.Errorf("invalid pattern %q: %w", text, err)
		}
	}
	return all, nil
}

// exclude reads a pattern of names that are left out.
func exclude(to *[]lister.Pattern) func(string) error {
	return func(text string) error {
		p, err := parsePattern(text, "--exclude ")
		if err == nil {
			*to = append(*to, p)
		}
		return err
	}
}

// parsePattern reads a pattern. Its error suggests what was probably meant, each word behind a flag.
func parsePattern(text, flag string) (lister.Pattern, error) {
	switch {
	case matchesSome(text):
		return lister.ParsePattern(text), nil
	case isHub(text):
		return lister.Pattern{}, errors.New("docker lists the images of Docker Hub without its name")
	}
	return lister.Pattern{}, errors.New("no image can have such a name" + suggestAll(meant(text, rightPattern), flag))
}

// meant returns what each of the comma-separated parts of text was probably meant for, by right, which returns
// "" where it finds nothing. It returns nil then, and for a URL, which may hold a password.
func meant(text string, right func(part string) string) (words []string) {
	if strings.Contains(text, "://") {
		return nil
	}
	for part := range strings.SplitSeq(text, ",") {
		word := right(strings.TrimLeft(strings.TrimSpace(part), "/"))
		if word == "" {
			return nil
		}
		words = append(words, word)
	}
	return words
}

// suggestAll suggests words, each as a shell wants it and behind a flag. It returns "" for none.
func suggestAll(words []string, flag string) string {
	if words == nil {
		return ""
	}
	all := make([]string, len(words))
	for i, word := range words {
		all[i] = flag + quoted(word)
	}
	return suggestion(strings.Join(all, " "))
}

// rightPattern returns the pattern that text was probably meant for; "" where it finds none.
func rightPattern(text string) string {
	name, _, _ := strings.Cut(text, "@")
	for _, right := range []string{name, strings.ToLower(name), strings.TrimSuffix(name, ":"), name + "*", "*" + name} {
		if name != "" && matchesSome(right) {
			return right
		}
	}
	return ""
}

// quoted returns a word as a shell wants it.
func quoted(word string) string {
	if endpoint.IsWord(word) {
		return word
	}
	return "'" + word + "'"
}

// matchesSome reports whether a name that docker lists can match the pattern that text is. A pattern that
// matches none would select nothing, or spare nothing, without a word.
func matchesSome(text string) bool {
	p := lister.ParsePattern(text)
	isTag := func(tag string) bool { return tag != "" && reference.TagRegexp.FindString(tag) == tag }
	return fits(p.Tag, isTag) && fits(p.Repository, isListed) && !isHub(text)
}

// isHub reports whether a pattern means Docker Hub's images by its name, without which docker lists them.
func isHub(text string) bool {
	host, rest, _ := strings.Cut(strings.TrimPrefix(text, "index."), "/")
	folder, _, _ := strings.Cut(strings.TrimPrefix(rest, "library/"), "/")
	return host == "docker.io" && (rest == "" || strings.ContainsAny(folder, "*?"))
}

// fits reports whether one of the names that match a pattern is valid, or is that of untagged images. The
// names that it tries complete any pattern: of a path, a host or a port.
func fits(pattern string, valid func(string) bool) bool {
	if none, _ := path.Match(strings.ReplaceAll(pattern, "/", "_"), lister.None); none {
		return true
	}
	const most = 4 // wildcards: a pattern with more matches something
	switch i := strings.IndexAny(pattern, "*?"); {
	case i < 0:
		return valid(pattern)
	case strings.Count(pattern, "*")+strings.Count(pattern, "?") > most:
		return true
	default:
		texts := []string{"a", "0", "/", ".", ":", "[", "]"}
		if pattern[i] == '*' {
			texts = []string{"", "a", "0", "/a", "a/", "a/a", "0/a", ":0/a", "::1", "::1]", "::1]/a", "[::1", "[::1]", "]:"}
		}
		return slices.ContainsFunc(texts, func(text string) bool { return fits(pattern[:i]+text+pattern[i+1:], valid) })
	}
}

// isListed reports whether docker lists a repository under this name.
func isListed(name string) bool {
	named, err := reference.ParseNormalizedNamed(name)
	return err == nil && reference.IsNameOnly(named)
}
