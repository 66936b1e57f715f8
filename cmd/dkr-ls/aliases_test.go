package main

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = DescribeTable("a flag of docker's that does not exist here says what to use instead", func(ctx SpecContext, words, message string) {
	args := strings.Fields(words)
	usage := "[flags] COMMAND"
	for _, name := range []string{"tags", "repos"} {
		if args[0] == name {
			usage = name + " [flags]"
		}
	}
	Expect(unconnected(ctx, args...)).To(Equal(result{2, "", "Error: " + message + "\n" + wrongUsage(usage)}))
},
	Entry(nil, "tags -a", "unknown shorthand flag: 'a' in -a; try: again without it: all images are listed"),
	Entry(nil, "tags --all", "unknown flag: --all; try: again without it: all images are listed"),
	Entry(nil, "repos --all", "unknown flag: --all; try: again without it: all images are listed"),
	Entry(nil, "--all tags", "unknown flag: --all; try: again without it: all images are listed"),
	Entry(nil, "tags -aq", "unknown shorthand flag: 'a' in -aq; try: again without it: all images are listed"),
	Entry(nil, "tags -qa", "unknown shorthand flag: 'a' in -a; try: again without it: all images are listed"),
	Entry(nil, "tags --filter dangling=true", "unknown flag: --filter; try: tags --prefix '<none>'"),
	Entry(nil, "tags --filter=dangling=1", "unknown flag: --filter; try: tags --prefix '<none>'"),
	Entry(nil, "tags -f dangling=false", "unknown shorthand flag: 'f' in -f; try: tags --exclude '<none>'"),
	Entry(nil, "tags -fdangling=true", "unknown shorthand flag: 'f' in -fdangling=true; try: tags --prefix '<none>'"),
	Entry(nil, "tags -f=label=a", "unknown shorthand flag: 'f' in -f=label=a; try: docker images --filter label=KEY"),
	Entry(nil, "repos --filter label=a=b", "unknown flag: --filter; try: docker images --filter label=KEY"),
	Entry(nil, "tags --filter reference=nginx*", "unknown flag: --filter; try: tags --prefix TEXT"),
	Entry(nil, "tags --filter before=nginx", "unknown flag: --filter; try: tags --minAge DAYS"),
	Entry(nil, "tags --filter until=24h", "unknown flag: --filter; try: tags --minAge DAYS"),
	Entry(nil, "tags --filter since=nginx", "unknown flag: --filter; try: tags --format json, and jq on .created"),
	Entry(nil, "--filter label=a tags", "unknown flag: --filter; try: docker images --filter label=KEY"),
	Entry(nil, "tags --filter", "unknown flag: --filter; try: tags with --prefix, --exclude, --minAge, --minSize or --unused"),
	Entry(nil, "tags --filter x", "unknown flag: --filter; try: tags with --prefix, --exclude, --minAge, --minSize or --unused"),
	Entry(nil, "tags --tree", "unknown flag: --tree; try: --unique for what images share, or docker images --tree"),
	Entry(nil, "tags --json", "unknown flag: --json; try: --format json"),
	Entry(nil, "tags -o json", "unknown shorthand flag: 'o' in -o; try: --format json, or > FILE"),
	Entry(nil, "repos --output json", "unknown flag: --output; try: --format json, or > FILE"),
	Entry(nil, "-v", "unknown shorthand flag: 'v' in -v; try: --version"),
	Entry(nil, "tags -D", "unknown shorthand flag: 'D' in -D; try: --log-level DEBUG"),
	Entry(nil, "--debug tags", "unknown flag: --debug; try: --log-level DEBUG"),
	Entry(nil, "-c prod tags", "unknown shorthand flag: 'c' in -c; try: --context NAME"),
	Entry(nil, "tags -l debug", "unknown shorthand flag: 'l' in -l; try: --log-level LEVEL"),
	Entry(nil, "--config x tags", "unknown flag: --config; try: DOCKER_CONFIG=FOLDER in the environment"),
	Entry(nil, "--tlsverify tags", "unknown flag: --tlsverify; try: DOCKER_TLS_VERIFY=1 in the environment"),
	Entry(nil, "--tlscacert=x tags", "unknown flag: --tlscacert; try: DOCKER_CERT_PATH=FOLDER in the environment"),
)

var _ = It("each of docker's flags that does not exist here is in one table, which has no other", func() {
	names := map[string]bool{}
	for _, f := range foreignFlags() {
		for _, name := range strings.Fields(f.names) {
			names[name] = true
		}
	}
	for _, command := range []string{"tags", "repos", ""} {
		for _, f := range allFlags(command) {
			Expect(names).NotTo(HaveKey(f.Name))
			if f.Shorthand != "" {
				Expect(names).NotTo(HaveKey(f.Shorthand))
			}
		}
	}
	Expect(names).To(HaveLen(19))
})
