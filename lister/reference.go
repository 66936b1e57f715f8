package lister

import "strings"

// None stands where an image has no repository or no tag.
const None = "<none>"

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
// repository and the digest. ok is false where it names nothing: "" and "<none>@<none>".
func splitDigest(ref string) (repository, digest string, ok bool) {
	name, digest, _ := strings.Cut(ref, "@")
	return nameOf(name, digest)
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

// ShortID is the first 12 digits of the image ID, without its algorithm. An ID that is shorter,
// or names no algorithm, is left as it is.
func (t *Tag) ShortID() string {
	const digits = 12
	_, hex, ok := strings.Cut(t.ID, ":")
	if !ok || len(hex) < digits || strings.Trim(hex[:digits], "0123456789abcdef") != "" {
		return t.ID
	}
	return hex[:digits]
}
