package main

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const (
	ofProgram = "[flags] COMMAND"
	ofTags    = "tags [flags] [PATTERN...]"
	ofRepos   = "repos [flags] [PATTERN...]"
	ofScript  = "completion [flags] bash|zsh|fish|powershell"

	idsAlone    = "--quiet prints image IDs alone: it cannot be used with --sum, --digests, --unique or --format"
	idsOfOne    = "--quiet does not show which engine has an image: choose one --context, or a --format with {{.Context}}"
	oneEngine   = "--host and --context cannot be used together"
	sumOfTable  = "--sum cannot be used with a template: use --format table or json"
	notAnAge    = "neither days, such as 20, nor an age, such as 36h or 2w, nor a date, such as 2026-01-31"
	notAnEngine = `--host: "ftp://x" is not an engine's address; try: one like unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or ssh://host`
)

// invalid is the error for a value that a flag does not take.
func invalid(value, flag, reason string) string {
	return `invalid argument "` + value + `" for "` + flag + `" flag: ` + reason
}

// ambiguous is the error for fields of a template that name an image of any of several engines.
func ambiguous(fields string) string {
	return "a --format of " + fields + " does not show which engine has an image: choose one --context, or add {{.Context}}"
}

var _ = DescribeTable("wrong use is an error with the usage line and where to read more, before any engine is asked",
	func(ctx SpecContext, message, usage string, args ...string) {
		Expect(unconnected(ctx, args...)).To(Equal(wrongUse(message, usage)))
	},
	Entry("a flag of tags on repos, as in the brief", "unknown flag: --maxTags", ofRepos, "repos", "--maxTags", "3"),
	Entry("a flag of tags before the command", "unknown flag: --maxTags", ofProgram, "--maxTags", "3", "tags"),
	Entry("no command", "no command given", ofProgram),
	Entry("an unknown command", "unknown command: prune", ofProgram, "prune"),
	Entry("a misspelled command", "unknown command: tagz (did you mean tags?)", ofProgram, "tagz"),
	Entry("a command in capitals", "unknown command: REPOS (did you mean repos?)", ofProgram, "REPOS"),
	Entry("a hostile command", `unknown command: \x1b[2J`, ofProgram, "\x1b[2J"),
	Entry("help for an unknown command", "unknown command: tag (did you mean tags?)", ofProgram, "help", "tag"),
	Entry("help for two commands", "unexpected argument: repos", "help [flags] [command]", "help", "tags", "repos"),
	Entry("an unknown flag", "unknown flag: --nope", ofProgram, "--nope", "tags"),
	Entry("an unknown letter", "unknown shorthand flag: 'x' in -x", ofTags, "tags", "-x"),
	Entry("a misspelled flag", "unknown flag: --maxTag (did you mean --maxTags?)", ofTags, "tags", "--maxTag", "3"),
	Entry("a flag in small letters", "unknown flag: --minage (did you mean --minAge?)", ofTags, "tags", "--minage", "3"),
	Entry("a pattern that matches no name", `invalid pattern "team/": no image can have such a name (did you mean 'team/*'?)`, ofTags, "tags", "nginx", "team/"),
	Entry("a tag for repos", `invalid pattern "nginx:1": repositories have no tag (did you mean nginx?)`, ofRepos, "repos", "nginx:1"),
	Entry("an invalid pattern for repos", `invalid pattern "a;b": no image can have such a name`, ofRepos, "repos", "nginx", "a;b"),
	Entry("an invalid pattern to leave out", invalid("base/", "--exclude", "no image can have such a name (did you mean --exclude 'base/*'?)"), ofTags, "tags", "--exclude", "base/"),
	Entry("nothing to leave out, as by an unset variable", invalid("", "--exclude", "no image can have such a name"), ofTags, "tags", "--exclude", ""),
	Entry("a label without a key", invalid("=x", "--label", "a label has a key, such as team or team=web"), ofTags, "tags", "--label", "=x"),
	Entry("an address for a pattern, without its password", `invalid pattern "tcp://host": no image can have such a name`, ofTags, "tags", "tcp://me:se/c ret@host"),
	Entry("an address for a command, without its password", "unknown command: tcp://host", ofProgram, "tcp://me:secret@host"),
	Entry("an address behind an unknown letter, without its password", "unknown shorthand flag: 'X' in -Xtcp://host", ofTags, "tags", "-Xtcp://me:secret@host"),
	Entry("an invalid address, without its password", notAnEngine, ofRepos, "repos", "--host", "ftp://me:secret@x"),
	Entry("two hosts", "--host may be given only once", ofTags, "-H", "tcp://a", "tags", "-H", "tcp://b"),
	Entry("a host and a context", oneEngine, ofTags, "-H", "tcp://127.0.0.1:1", "tags", "--context", "x"),
	Entry("an empty host and a context", oneEngine, ofTags, "tags", "-H", "", "--context", "x"),
	Entry("a context without a name among others", "--context needs a name", ofTags, "tags", "--context", "", "--context", "x"),
	Entry("a flag without its value", "flag needs an argument: --prefix", ofTags, "tags", "--prefix"),
	Entry("an age that is a word", invalid("x", "--minAge", notAnAge), ofTags, "tags", "--minAge", "x"),
	Entry("a negative age", invalid("-1", "--maxAge", notAnAge), ofTags, "tags", "--maxAge", "-1"),
	Entry("a negative limit", invalid("-1", "--maxTags", "must not be negative"), ofTags, "tags", "--maxTags=-1"),
	Entry("a negative number to keep", invalid("-1", "--keep", "must not be negative"), ofTags, "tags", "--keep=-1"),
	Entry("an empty size", invalid("", "--minSize", `not a size: "", such as 100MB, 1.5GB or 512MiB`), ofTags, "tags", "--minSize", ""),
	Entry("neither true nor false", invalid("maybe", "--sum", "neither true nor false"), ofTags, "tags", "--sum=maybe"),
	Entry("an unknown log level", invalid("loud", "--log-level", "not one of DEBUG, INFO, WARNING, ERROR"), ofTags, "tags", "--log-level", "loud"),
	Entry("a timeout without a unit", invalid("5", "--timeout", "not a duration, such as 500ms, 10s or 2m"), ofTags, "tags", "--timeout", "5"),
	Entry("a negative timeout", invalid("-1s", "--timeout", "must not be negative"), ofTags, "tags", "--timeout=-1s"),
	Entry("an unknown key for tags", invalid("age", "--sort", "not one of created, size, repository, tag, unique"), ofTags, "tags", "--sort", "age"),
	Entry("a key of tags for repos", invalid("tag", "--sort", "not one of created, size, repository"), ofRepos, "repos", "--sort", "tag"),
	Entry("unique sizes as a key alone", "--sort unique needs --unique, or a --format with {{.UniqueSize}}", ofTags, "tags", "--sort", "unique"),
	Entry("a word for a format", invalid("yaml", "--format", "not a format: neither table, json nor a template such as {{.Repository}}"), ofTags, "tags", "--format", "yaml"),
	Entry("a broken template", invalid("{{", "--format", "not a format: :1: unclosed action"), ofTags, "tags", "--format", "{{"),
	Entry("a field of tags for repos", invalid("{{.ID}}", "--format", "not a format: no field .ID: there are .Context, .Repository, .Tags, .Size, .Bytes, .CreatedSince, .CreatedAt"),
		ofRepos, "repos", "--format", "{{.ID}}"),
	Entry("image IDs and a sum", idsAlone, ofTags, "tags", "-q", "--sum"),
	Entry("image IDs and digests", idsAlone, ofTags, "tags", "-q", "--digests"),
	Entry("image IDs and unique sizes", idsAlone, ofTags, "tags", "-q", "--unique"),
	Entry("image IDs and a format", idsAlone, ofTags, "tags", "-q", "--format=json"),
	Entry("a sum and a template", sumOfTable, ofTags, "tags", "--sum", "--format", "{{.ID}}"),
	Entry("a sum and a table's template", sumOfTable, ofTags, "tags", "--sum", "--format", "table {{.ID}}"),
	Entry("image IDs of several engines", idsOfOne, ofTags, "tags", "-q", "--context", "a", "--context", "b"),
	Entry("image IDs of all engines", idsOfOne, ofTags, "tags", "-q", "--context", "*"),
	Entry("references of several engines", ambiguous("{{.Reference}}"), ofTags, "tags", "--context", "a", "--context", "b", "--format", "{{.Reference}}"),
	Entry("references of all engines, with sizes", ambiguous("{{.Reference}}"), ofTags, "tags", "--context", "*", "--format", "table {{.Size}} {{json .Reference}}"),
	Entry("IDs of all engines by a template", ambiguous("{{.ID}}"), ofTags, "tags", "--context", "*", "--format", "{{.ID}}"),
	Entry("digests of all engines", ambiguous("{{.Digest}}"), ofTags, "tags", "--context", "*", "--format", "{{.Repository}}@{{.Digest}}"),
	Entry("names with tags of all engines", ambiguous("{{.Repository}} and {{.Tag}}"), ofTags, "tags", "--context", "*", "--format", "{{.Repository}}:{{.Tag}}"),
	Entry("no shell", "no shell given: one of bash, zsh, fish, powershell", ofScript, "completion"),
	Entry("an unknown shell", "unknown shell: tcsh", ofScript, "completion", "tcsh"),
	Entry("a misspelled shell", "unknown shell: fisch (did you mean fish?)", ofScript, "completion", "fisch"),
	Entry("two shells", "unexpected argument: zsh", ofScript, "completion", "bash", "zsh"),
	Entry("the shells' call without words", "unknown command: __complete", ofProgram, "__complete"),
	Entry("help for the shells' call", "unknown command: __complete", ofProgram, "help", "__complete"),
)

var _ = DescribeTable("a command of docker's names the one to use", func(ctx SpecContext, name, command string) {
	Expect(unconnected(ctx, name)).To(Equal(wrongUse("unknown command: "+name+" (did you mean "+command+"?)", ofProgram)))
},
	Entry(nil, "ls", "tags"), Entry(nil, "list", "tags"), Entry(nil, "image", "tags"), Entry(nil, "images", "tags"), Entry(nil, "Images", "tags"),
	Entry(nil, "repo", "repos"), Entry(nil, "repository", "repos"), Entry(nil, "repositories", "repos"),
)

var _ = DescribeTable("a flag of docker's names what to use instead", func(ctx SpecContext, line, unknown, instead string) {
	usage := ofProgram
	switch args := strings.Fields(line); args[0] {
	case "tags":
		usage = ofTags
	case "repos":
		usage = ofRepos
	}
	Expect(unconnected(ctx, strings.Fields(line)...)).To(Equal(wrongUse("unknown "+unknown+"; try: "+instead, usage)))
},
	Entry(nil, "tags -a", "shorthand flag: 'a' in -a", "again without it: all images are listed"),
	Entry(nil, "repos --all", "flag: --all", "again without it: all images are listed"),
	Entry(nil, "tags -qa", "shorthand flag: 'a' in -a", "again without it: all images are listed"),
	Entry(nil, "tags --filter dangling=true", "flag: --filter", "tags '<none>'"),
	Entry(nil, "tags -f dangling=false", "shorthand flag: 'f' in -f", "tags --exclude '<none>'"),
	Entry(nil, "tags -f=label=a", "shorthand flag: 'f' in -f=label=a", "tags --label KEY"),
	Entry(nil, "tags --filter reference=nginx*", "flag: --filter", "tags PATTERN"),
	Entry(nil, "tags --filter before=nginx", "flag: --filter", "tags --minAge AGE"),
	Entry(nil, "tags --filter until=24h", "flag: --filter", "tags --minAge AGE"),
	Entry(nil, "tags --filter since=nginx", "flag: --filter", "tags --maxAge AGE"),
	Entry(nil, "tags --filter x", "flag: --filter", "tags with a PATTERN, --exclude, --minAge, --label or --unused"),
	Entry(nil, "tags --tree", "flag: --tree", "--unique for what images share, or docker images --tree"),
	Entry(nil, "tags --json", "flag: --json", "--format json"),
	Entry(nil, "tags -o json", "shorthand flag: 'o' in -o", "--format json, or > FILE"),
	Entry(nil, "repos --output json", "flag: --output", "--format json, or > FILE"),
	Entry(nil, "-v", "shorthand flag: 'v' in -v", "--version"),
	Entry(nil, "tags -D", "shorthand flag: 'D' in -D", "--log-level DEBUG"),
	Entry(nil, "--debug tags", "flag: --debug", "--log-level DEBUG"),
	Entry(nil, "-c prod tags", "shorthand flag: 'c' in -c", "--context NAME"),
	Entry(nil, "tags -l debug", "shorthand flag: 'l' in -l", "--log-level LEVEL"),
	Entry(nil, "--config x tags", "flag: --config", "DOCKER_CONFIG=FOLDER in the environment"),
	Entry(nil, "--tls tags", "flag: --tls", "DOCKER_TLS_VERIFY=1 in the environment"),
	Entry(nil, "--tlsverify tags", "flag: --tlsverify", "DOCKER_TLS_VERIFY=1 in the environment"),
	Entry(nil, "--tlscacert=x tags", "flag: --tlscacert", "DOCKER_CERT_PATH=FOLDER in the environment"),
	Entry(nil, "--tlscert=x tags", "flag: --tlscert", "DOCKER_CERT_PATH=FOLDER in the environment"),
	Entry(nil, "--tlskey=x tags", "flag: --tlskey", "DOCKER_CERT_PATH=FOLDER in the environment"),
)

var _ = DescribeTable("help goes to stdout, with status 0, and asks no engine", func(ctx SpecContext, about, usage string, args ...string) {
	got := unconnected(ctx, args...)
	Expect(got.status).To(BeZero())
	Expect(got.stderr).To(BeEmpty())
	Expect(got.stdout).To(HavePrefix(about))
	Expect(got.stdout).To(HaveSuffix("\n\n" + golden(usage)))
},
	Entry(nil, "List the images of a Docker engine.", "usage.txt", "help"),
	Entry(nil, "List the images of a Docker engine.", "usage.txt", "--help"),
	Entry(nil, "List the images of a Docker engine.", "usage.txt", "-h"),
	Entry(nil, "List the tags of the engine's images, newest", "usage-tags.txt", "help", "tags"),
	Entry(nil, "List the tags of the engine's images, newest", "usage-tags.txt", "tags", "--help"),
	Entry(nil, "List the tags of the engine's images, newest", "usage-tags.txt", "tags", "x", "y", "-h"),
	Entry(nil, "List the repositories of the engine's images", "usage-repos.txt", "help", "repos"),
	Entry(nil, "Show the version, the commit and the Go version", "usage-version.txt", "help", "version"),
	Entry(nil, "Show how to use the program", "usage-help.txt", "help", "help"),
	Entry(nil, "Print a script with which a shell completes", "usage-completion.txt", "completion", "--help"),
)
