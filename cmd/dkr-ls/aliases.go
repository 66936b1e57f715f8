package main

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/pflag"
)

// What to use here in place of the commands and flags of other programs, mostly docker's.

// aliases returns the commands that other programs' commands mean.
func aliases() map[string]string {
	return map[string]string{
		"tag": "tags", "ls": "tags", "list": "tags", "image": "tags", "images": "tags",
		"repo": "repos", "repository": "repos", "repositories": "repos",
	}
}

// A foreignFlag is a flag that does not exist here.
type foreignFlag struct {
	names   string // the long one, the letter
	value   string // part of its value; "": any
	instead string
}

// foreignFlags returns docker's own flags, and a few of similar programs. The first match counts.
func foreignFlags() []foreignFlag {
	return []foreignFlag{
		{"all a", "", "again without it: all images are listed"},
		{"filter f", "dangling=false", "tags --exclude '<none>'"},
		{"filter f", "dangling=", "tags '<none>'"},
		{"filter f", "reference=", "tags PATTERN"},
		{"filter f", "before=", "tags --minAge AGE"},
		{"filter f", "until=", "tags --minAge AGE"},
		{"filter f", "since=", "tags --maxAge AGE"},
		{"filter f", "label=", "tags --label KEY"},
		{"filter f", "", "tags with a PATTERN, --exclude, --minAge, --label or --unused"},
		{"tree", "", "--unique for what images share, or docker images --tree"},
		{"json", "", "--format json"},
		{"output o", "", "--format json, or > FILE"},
		{"v", "", "--version"},
		{"debug D", "", "--log-level DEBUG"},
		{"c", "", "--context NAME"},
		{"l", "", "--log-level LEVEL"},
		{"config", "", "DOCKER_CONFIG=FOLDER in the environment"},
		{"tls tlsverify", "", "DOCKER_TLS_VERIFY=1 in the environment"},
		{"tlscacert tlscert tlskey", "", "DOCKER_CERT_PATH=FOLDER in the environment"},
	}
}

// instead returns what to try for an unknown flag among args, or "" if no other program has it.
func instead(unknown *pflag.NotExistError, args []string) string {
	for _, f := range foreignFlags() {
		if slices.Contains(strings.Fields(f.names), unknown.GetSpecifiedName()) && strings.Contains(strings.Join(args, " "), f.value) {
			return "; try: " + f.instead
		}
	}
	return ""
}

// didYouMean suggests the one of names that is closest to name, in any letter case, with prefix before it.
// It returns "" if none is close.
func didYouMean(name string, names []string, prefix string) string {
	best, least := "", max(1, len(name)/3)+1
	for _, candidate := range names {
		if d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(candidate)); d < least {
			best, least = candidate, d
		}
	}
	if best == "" {
		return ""
	}
	return suggestion(prefix + best)
}

// suggestion returns a correction, as the end of an error.
func suggestion(text string) string { return " (did you mean " + text + "?)" }
