package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/distribution/reference"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

const prefixFlag, excludeFlag = "--prefix", "--exclude"

// prefixes are what a flag is given, over and over: beginnings of repositories. One with which no
// repository can start is refused, since it would select nothing, or spare nothing, without a word.
type prefixes struct {
	flag  string
	texts []string
}

func (*prefixes) Type() string     { return "text" }
func (p *prefixes) String() string { return strings.Join(p.texts, " ") }

func (p *prefixes) Set(text string) error {
	if text == "" && p.flag == excludeFlag { // such as an unset variable
		return errors.New("every repository starts with that")
	}
	text, listed := asListed(text)
	tagged := looksTagged(text)
	switch {
	case listed && text == "":
		return errors.New("docker lists its images without it, so plain text such as team/ finds them")
	case tagged != "":
		return fmt.Errorf("docker takes that for a tag%s", suggestion(fmt.Sprintf("%s, or %s/ for a registry", p.with(tagged), text)))
	case !canStart(text):
		if right := p.nearest(text); right != "" {
			return fmt.Errorf("no repository can start with that%s", suggestion(right))
		}
		return errors.New("no repository can start with that, only with plain text such as team/")
	case listed:
		return fmt.Errorf("docker lists it as %s%s", text, suggestion(p.with(text)))
	}
	p.texts = append(p.texts, text)
	return nil
}

// with is the flag with a text, as a shell takes it.
func (p *prefixes) with(text string) string {
	if !endpoint.IsWord(text) {
		text = "'" + text + "'"
	}
	return p.flag + " " + text
}

// nearest is the flag as it was probably meant, or nothing. Texts that may hold a password are not repeated.
func (p *prefixes) nearest(text string) string {
	if strings.Contains(text, "://") && strings.Contains(text, "@") {
		return ""
	}
	text = strings.TrimSpace(text)
	if _, rest, isURL := strings.Cut(text, "://"); isURL {
		text = rest
	}
	text = strings.TrimLeft(text, "/")
	var several []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" || !canStart(part) {
			several = nil
			break
		}
		several = append(several, p.with(part))
	}
	if len(several) > 0 {
		return strings.Join(several, " ")
	}
	if lower := strings.ToLower(text); canStart(lower) {
		return p.with(lower)
	}
	const longest = reference.RepositoryNameTotalLengthMax
	for end := min(len(text), longest); end > 0; end-- {
		if beginning := text[:end]; canStart(beginning) && looksTagged(beginning) == "" {
			return p.with(strings.TrimSuffix(beginning, ":"))
		}
	}
	return ""
}

// canStart reports whether the name of a repository, as docker lists it, can start with text. It can
// if one of these endings makes it one.
func canStart(text string) bool {
	if strings.HasPrefix(lister.None, text) {
		return true
	}
	for _, ending := range []string{"", "a", "/a", "a/a", "0/a", ":0/a", "]/a", "::1]/a"} {
		named, err := reference.ParseNormalizedNamed(text + ending)
		if err == nil && reference.IsNameOnly(named) && reference.FamiliarName(named) == text+ending {
			return true
		}
	}
	return false
}

// asListed is text as docker lists it, which leaves out Docker Hub and its folder of official images.
func asListed(text string) (listed string, changed bool) {
	path := text
	for _, hub := range []string{"docker.io", "index.docker.io"} {
		if rest, found := strings.CutPrefix(text, hub); found && (rest == "" || rest[0] == '/') {
			path = strings.TrimPrefix(rest, "/")
		}
	}
	if official, found := strings.CutPrefix(path, "library/"); found && !strings.Contains(official, "/") {
		path = official
	}
	return path, path != text
}

// looksTagged is the repository of a text like redis:7, which could also be a registry with half its
// port. A host with a dot or an upper-case letter, or localhost, is a registry to docker.
func looksTagged(text string) (repository string) {
	if m := regexp.MustCompile(`^([a-z0-9_-]+):[0-9]+$`).FindStringSubmatch(text); m != nil && m[1] != "localhost" {
		return m[1]
	}
	return ""
}
