package lister

import (
	"errors"
	"fmt"
	"strings"
)

// None stands where an image has no repository or no tag.
const None = "<none>"

// Names are split here and not by github.com/distribution/reference, since names outside its grammar
// are shown as well; that package is the oracle of the specs.

// splitTag splits what the engine has in RepoTags, "localhost:5000/team/app:1", into the
// familiar repository and the tag. ok is false where it names nothing: "" and "<none>:<none>".
//
// A name outside the reference grammar is not refused: what cannot be split is all repository.
func splitTag(ref string) (repository, tag string, ok bool) {
	name, _, _ := strings.Cut(ref, "@")
	colon := strings.LastIndexByte(name, ':')
	if colon <= strings.LastIndexByte(name, '/') { // none, or a registry's port
		return nameOf(name, None)
	}
	if colon == 0 || colon == len(name)-1 { // ":latest", "nginx:"
		return nameOf(name, None)
	}
	return nameOf(name[:colon], name[colon+1:])
}

// splitDigest splits what the engine has in RepoDigests, "nginx@sha256:…", into the familiar
// repository and the digest. A tag in between ("nginx:1@sha256:…") is no part of either. Where
// nothing, or nothing but the digest, is there ("sha256:…"), the repository is empty, and so is a
// digest that is none ("nginx@", "nginx@<none>"). ok is false where both are.
func splitDigest(ref string) (repository, digest string, ok bool) {
	before, digest, found := strings.Cut(ref, "@")
	if !found {
		before, digest = "", ref
	}
	if !isDigest(digest) {
		digest = ""
	}
	repository, _, ok = splitTag(before)
	if !ok {
		repository = ""
	}
	return repository, digest, ok || digest != ""
}

func nameOf(name, of string) (string, string, bool) {
	if name == "" || name == None {
		return None, None, false
	}
	return escapeCell(familiar(name)), escapeCell(of), true
}

// familiar shortens a repository's name as docker shows it: docker.io/library/nginx and
// library/nginx are nginx, docker.io/grafana/loki is grafana/loki.
func familiar(name string) string {
	path, hub := strings.CutPrefix(name, "docker.io/")
	if !hub {
		path, hub = strings.CutPrefix(name, "index.docker.io/")
	}
	official, found := strings.CutPrefix(path, "library/")
	if found && official != "" && !strings.Contains(official, "/") {
		return official
	}
	if hub && path != "" {
		return path
	}
	return name
}

// ErrReference is what a row fails with for which there is no text that docker rmi takes.
var ErrReference = errors.New("docker has no reference for it; try: --format json, which has null there, or the table")

// Reference is what docker rmi takes to delete this row and no other: "repository:tag", the first
// digest as "repository@digest", or the whole ID of an untagged image. A Tag that is known by digest
// alone has one only if digests were asked for. It is one word to a shell, and no flag. The error is
// [ErrReference], wrapped once.
func (t *Tag) Reference() (string, error) {
	ref, ok := "", false
	switch {
	case t.Repository == None:
		ref, ok = t.ID, IsID(t.ID)
	case t.Tag == None:
		ref, ok = t.Repository+"@"+t.Digest(), isRepository(t.Repository) && len(t.Digests) > 0
	default:
		ref, ok = t.Repository+":"+t.Tag, isRepository(t.Repository) && isTag(t.Tag)
		if strings.HasPrefix(ref, "sha") && isDigest(ref) { // docker would take it for an image's ID
			ref = "docker.io/library/" + ref
		}
	}
	if !ok {
		return "", fmt.Errorf("%s %s, image %s: %w", t.Repository, t.Tag, t.ID, ErrReference)
	}
	return ref, nil
}

// isRepository reports whether text has only the characters of repositories, which no shell takes for
// more than a word, and does not start like a flag.
func isRepository(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case isAlphanumeric(c), c == '[' && i == 0:
		case i > 0 && strings.IndexByte("_-./:]", c) >= 0:
		default:
			return false
		}
	}
	return text != ""
}

// isTag is [isRepository] for tags, which may begin with an underscore.
func isTag(text string) bool {
	for i := range len(text) {
		if c := text[i]; !isAlphanumeric(c) && c != '_' && (i == 0 || c != '-' && c != '.') {
			return false
		}
	}
	return text != ""
}

// IsID reports whether text is an image's ID: hex digits, mostly behind an algorithm ("sha256:7e4d…").
func IsID(text string) bool { return isHex(text) || isDigest(text) }

// isDigest reports whether text is an algorithm and hex digits.
func isDigest(text string) bool {
	algorithm, hex, found := strings.Cut(text, ":")
	if !found || algorithm == "" || !isLetter(algorithm[0]) {
		return false
	}
	for i := range len(algorithm) {
		if c := algorithm[i]; !isAlphanumeric(c) && strings.IndexByte("+._-", c) < 0 {
			return false
		}
	}
	return isHex(hex)
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isAlphanumeric(c byte) bool { return isLetter(c) || '0' <= c && c <= '9' }

func isHex(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return text != ""
}
