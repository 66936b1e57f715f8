package main

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// What other programs have, mostly docker, and what to use for it here.

// aliases are other names of commands.
func aliases() map[string]string {
	return map[string]string{
		"tag": "tags", "ls": "tags", "list": "tags", "image": "tags", "images": "tags",
		"repo": "repos", "repository": "repos", "repositories": "repos",
	}
}

// A foreignFlag is one that does not exist here.
type foreignFlag struct {
	names   []string // the long one, the letter
	value   string   // what its value starts with, "": any
	instead string
}

// dockersFlags are docker's own flags, and a few of similar programs. The first that fits counts.
func dockersFlags() []foreignFlag {
	filter := []string{"filter", "f"}
	return []foreignFlag{
		{[]string{"all", "a"}, "", "again without it: all images are listed"},
		{filter, "dangling=false", "tags --exclude '<none>'"},
		{filter, "dangling=", "tags --prefix '<none>'"},
		{filter, "reference=", "tags --prefix TEXT"},
		{filter, "before=", "tags --minAge DAYS"},
		{filter, "until=", "tags --minAge DAYS"},
		{filter, "since=", "tags --format json, and jq on .created"},
		{filter, "label=", "docker images --filter label=KEY"},
		{filter, "", "tags with --prefix, --exclude, --minAge, --minSize or --unused"},
		{[]string{"tree"}, "", "--unique for what images share, or docker images --tree"},
		{[]string{"json"}, "", "--format json"},
		{[]string{"output", "o"}, "", "--format json, or > FILE"},
		{[]string{"v"}, "", "--version"},
		{[]string{"debug", "D"}, "", "--log-level DEBUG"},
		{[]string{"c"}, "", "--context NAME"},
		{[]string{"l"}, "", "--log-level LEVEL"},
		{[]string{"config"}, "", "DOCKER_CONFIG=FOLDER in the environment"},
		{[]string{"tls", "tlsverify"}, "", "DOCKER_TLS_VERIFY=1 in the environment"},
		{[]string{"tlscacert", "tlscert", "tlskey"}, "", "DOCKER_CERT_PATH=FOLDER in the environment"},
	}
}

// instead is what to try for a flag that does not exist, or nothing where nobody has it.
func instead(unknown *pflag.NotExistError, args []string) string {
	name, letters := unknown.GetSpecifiedName(), unknown.GetSpecifiedShortnames()
	word := "--" + name
	if letters != "" {
		word = "-" + name
	}
	value := valueOf(word, args)
	for _, f := range dockersFlags() {
		switch {
		case !slices.Contains(f.names, name) || !strings.HasPrefix(value, f.value):
		case letters == "aq":
			return "; try: -q: all images are listed"
		default:
			return "; try: " + f.instead
		}
	}
	return ""
}

// valueOf is what args give to a flag, behind its name or in the next word.
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
