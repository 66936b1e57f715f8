package main

import (
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/spf13/pflag"
)

// What other programs have, mostly docker, and what to use for it here.

// aliases returns other names of commands.
func aliases() map[string]string {
	return map[string]string{
		"tag": "tags", "ls": "tags", "list": "tags", "image": "tags", "images": "tags",
		"repo": "repos", "repository": "repos", "repositories": "repos",
	}
}

// A foreignFlag is one that does not exist here.
type foreignFlag struct {
	names   string // the long one, the letter
	value   string // what its value starts with, "": any
	instead string
}

// foreignFlags returns docker's own flags, and a few of similar programs. The first that fits counts.
func foreignFlags() []foreignFlag {
	return []foreignFlag{
		{"all a", "", "again without it: all images are listed"},
		{"filter f", "dangling=false", "tags --exclude '<none>'"},
		{"filter f", "dangling=", "tags --prefix '<none>'"},
		{"filter f", "reference=", "tags --prefix TEXT"},
		{"filter f", "before=", "tags --minAge DAYS"},
		{"filter f", "until=", "tags --minAge DAYS"},
		{"filter f", "since=", "tags --format json, and jq on .created"},
		{"filter f", "label=", "docker images --filter label=KEY"},
		{"filter f", "", "tags with --prefix, --exclude, --minAge, --minSize or --unused"},
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

// instead returns what to try for a flag that does not exist, or nothing where no program has it.
func instead(unknown *pflag.NotExistError, args []string) string {
	name, letters := unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames()
	if letters == "aq" {
		return "; try: -q: all images are listed"
	}
	word := "--" + name
	if letters != "" {
		word = "-" + name
	}
	value := valueOf(word, args)
	for _, f := range foreignFlags() {
		if slices.Contains(strings.Fields(f.names), name) && strings.HasPrefix(value, f.value) {
			return "; try: " + f.instead
		}
	}
	return ""
}

// valueOf returns what args give to a flag, behind its name or in the next word.
func valueOf(flag string, args []string) string {
	for i, arg := range args {
		value, found := strings.CutPrefix(arg, flag)
		switch {
		case !found:
		case value != "":
			return strings.TrimPrefix(value, "=")
		case i+1 < len(args):
			return args[i+1]
		}
	}
	return ""
}

// didYouMean suggests the one of names, behind prefix, that is closest to name; nothing where none is
// close. Like the flags of the shell, a suggestion ignores case.
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
