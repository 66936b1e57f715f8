package main

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/distribution/reference"

	"github.com/dkr-ls/dkr-ls/lister"
)

// prefix reads the start of repositories. It refuses text with which no repository can start, since that
// would select nothing without a word.
func prefix(to *[]string) func(string) error {
	return func(text string) error {
		forms := meant(text, rightStart)
		switch {
		case text == "":
			return errors.New("every repository starts with that; to list all, leave out --prefix")
		case slices.Equal(forms, []string{text}):
			*to = append(*to, text)
			return nil
		case forms == nil:
			return errors.New("no repository can start with that, only with plain text such as team/")
		}
		reason := "no repository can start with that"
		if listed, ok := listedAs(text); ok && listed == forms[0] {
			reason = "docker lists it as " + listed
		}
		return errors.New(reason + suggestAll(forms, "--prefix "))
	}
}

// rightStart returns text as far as a repository can start with it, without a tag and as docker lists it.
func rightStart(text string) string {
	tagged := regexp.MustCompile(`^([a-z0-9_-]+):[0-9]+$`) // a tag such as redis:7, rather than half of a port
	form, end := "", len(text)
	for ok := false; !ok && end > 0; end-- {
		form, ok = listedAs(text[:end])
	}
	if m := tagged.FindStringSubmatch(form); m != nil && m[1] != "localhost" {
		form = m[1]
	}
	if form != text {
		form = strings.TrimSuffix(form, ":")
	}
	return form
}

// listedAs returns how docker lists repositories that start with text, without Docker Hub's own name and
// its folder of official images. ok is false where no repository can start with text.
func listedAs(text string) (listed string, ok bool) {
	switch {
	case strings.HasPrefix(lister.None, text):
		return text, true
	case strings.TrimPrefix(text, "index.") == "docker.io":
		text += "/" // nobody means another host that starts like this
	}
	// One of these completes the start of any name: of a path, a host, a port or an IPv6 address.
	for _, rest := range []string{"", "a", "/a", "a/a", "0/a", ":0/a", "]/a", "::1]/a"} {
		name, err := reference.ParseNormalizedNamed(text + rest)
		if err != nil || !reference.IsNameOnly(name) {
			continue
		}
		start, found := strings.CutSuffix(reference.FamiliarName(name), rest)
		if start == text || rest == "" { // a whole name is listed in one way
			return start, true
		}
		if found && !ok {
			listed, ok = start, true
		}
	}
	return listed, ok
}
