package lister

import (
	"regexp"
	"slices"
	"strings"
)

// A Pattern matches rows by name, as people write names: REPOSITORY or REPOSITORY:TAG. In both parts * matches any
// text, slashes included, and ? matches one character. The zero Pattern matches nothing.
type Pattern struct {
	Repository string // in its familiar form, like that of a [Row]
	Tag        string // "*": any

	repository, tag *regexp.Regexp
}

// ParsePattern returns the pattern that text is, whatever names there can be. Without a tag it matches all tags of
// its repositories.
func ParsePattern(text string) Pattern {
	p := Pattern{Repository: text, Tag: "*"}
	if colon := strings.LastIndexByte(text, ':'); colon > strings.LastIndexByte(text, '/') {
		p.Repository, p.Tag = text[:colon], text[colon+1:]
	}
	p.Repository = familiar(p.Repository)
	p.repository, p.tag = compile(p.Repository), compile(p.Tag)
	return p
}

// compile returns the expression that matches what a part of a pattern does. No name has the character that it
// puts in the place of invalid UTF-8.
func compile(part string) *regexp.Regexp {
	wildcards := strings.NewReplacer(`\*`, `.*`, `\?`, `.`)
	return regexp.MustCompile(`^` + wildcards.Replace(regexp.QuoteMeta(strings.ToValidUTF8(part, "�"))) + `$`)
}

// Matches reports whether the pattern matches the name of a row.
func (p Pattern) Matches(r *Row) bool {
	return p.repository != nil && p.repository.MatchString(r.Repository) && p.tag.MatchString(r.Tag)
}

// fixed returns the name of all that the pattern matches, as far as it has no wildcards: REPOSITORY, or, unless
// the whole repository is asked for, REPOSITORY:TAG. Where repositories of several names match, it returns the
// prefix that they have in common in place of a name. It returns neither for untagged images.
func (p Pattern) fixed(repository bool) (name, prefix string) {
	wildcard := strings.IndexAny(p.Repository, "*?")
	switch {
	case p.Repository == None:
		return "", ""
	case wildcard >= 0:
		return "", p.Repository[:wildcard]
	case strings.ContainsAny(p.Tag, "*?"), p.Tag == None, repository:
		return p.Repository, ""
	}
	return p.Repository + ":" + p.Tag, ""
}

func matchesAny(patterns []Pattern, r *Row) bool {
	return slices.ContainsFunc(patterns, func(p Pattern) bool { return p.Matches(r) })
}
