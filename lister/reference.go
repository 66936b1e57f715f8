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

// splitTag splits what the engine has in RepoTags, "localhost:5000/team/app:1", into the familiar
// repository, which is empty for "" and "<none>:<none>", and the tag or [None].
//
// A name outside the reference grammar is not refused: what cannot be split is all repository.
func splitTag(ref string) (repository, tag string) {
	repository, _, _ = strings.Cut(ref, "@")
	tag = None
	colon := strings.LastIndexByte(repository, ':')
	// Before a slash it is that of a registry's port; nothing is split off ":latest" and "nginx:".
	if colon > max(0, strings.LastIndexByte(repository, '/')) && colon < len(repository)-1 {
		repository, tag = repository[:colon], repository[colon+1:]
	}
	if repository == None {
		repository = ""
	}
	return escapeCell(familiar(repository)), escapeCell(tag)
}

// splitDigest splits what the engine has in RepoDigests, "nginx@sha256:…", into the familiar
// repository and the digest. A tag in between ("nginx:1@sha256:…") is no part of either. The repository
// is empty where there is none ("sha256:…"), and so is an invalid digest ("nginx@", "nginx@<none>").
func splitDigest(ref string) (repository, digest string) {
	name, digest, found := strings.Cut(ref, "@")
	if !found {
		name, digest = "", ref
	}
	if !isDigest(digest) {
		digest = ""
	}
	repository, _ = splitTag(name)
	return repository, digest
}

// familiar shortens a repository's name as docker shows it: docker.io/library/nginx and
// library/nginx are nginx, docker.io/grafana/loki is grafana/loki.
func familiar(name string) string {
	path, hub := strings.CutPrefix(name, "docker.io/")
	if !hub {
		path, hub = strings.CutPrefix(name, "index.docker.io/")
	}
	official, isOfficial := strings.CutPrefix(path, "library/")
	if isOfficial && official != "" && !strings.Contains(official, "/") {
		return official
	}
	folder, _, found := strings.Cut(path, "/")
	isHost := found && (strings.ContainsAny(folder, ".:") || folder == "localhost" || folder != strings.ToLower(folder))
	switch {
	case hub && isHost: // without Docker Hub's name, docker would take the folder for a registry
		return "docker.io/" + path
	case hub && path != "":
		return path
	}
	return name
}

// ErrReference is what a row fails with for which there is no text that docker rmi takes.
var ErrReference = errors.New("docker has no reference for it; try: --format json, which has null there, or the table")

// Reference is what docker rmi takes to delete this row and no other: "repository:tag", the first
// digest as "repository@digest", or the whole ID of an untagged image. A row that is known by digest
// alone has one only if digests were asked for. It is one word to a shell, and no flag. The error is
// [ErrReference], wrapped once.
func (r *Row) Reference() (string, error) {
	ref, ok := "", false
	switch {
	case r.Repository == None:
		ref, ok = r.ID, IsID(r.ID)
	case r.Tag == None:
		ref, ok = r.Repository+"@"+r.Digest(), isRepository(r.Repository) && len(r.Digests) > 0
	default:
		ref, ok = r.Repository+":"+r.Tag, isRepository(r.Repository) && isTag(r.Tag)
		if strings.HasPrefix(ref, "sha") && isDigest(ref) { // docker would take it for an image's ID
			ref = "docker.io/library/" + ref
		}
	}
	if !ok {
		return "", fmt.Errorf("%s %s, image %s: %w", r.Repository, r.Tag, r.ID, ErrReference)
	}
	return ref, nil
}

const (
	letters       = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	alphanumerics = letters + "0123456789"
	hexDigits     = "0123456789abcdefABCDEF"
)

// isRepository reports whether text has only the characters of repositories, which no shell takes for
// more than a word, and does not start like a flag.
func isRepository(text string) bool { return hasForm(text, alphanumerics+"[", alphanumerics+"_-./:]") }

// isTag is [isRepository] for tags, which may begin with an underscore.
func isTag(text string) bool { return hasForm(text, alphanumerics+"_", alphanumerics+"_-.") }

// IsID reports whether text is an image's ID: hex digits, mostly behind an algorithm ("sha256:7e4d…").
func IsID(text string) bool { return isHex(text) || isDigest(text) }

// isDigest reports whether text is an algorithm and hex digits.
func isDigest(text string) bool {
	algorithm, hex, _ := strings.Cut(text, ":")
	return hasForm(algorithm, letters, alphanumerics+"+._-") && isHex(hex)
}

func isHex(text string) bool { return hasForm(text, hexDigits, hexDigits) }

// hasForm reports whether text is one of the characters in first, and then any number of those in rest.
func hasForm(text, first, rest string) bool {
	return text != "" && strings.IndexByte(first, text[0]) >= 0 && strings.TrimLeft(text[1:], rest) == ""
}
