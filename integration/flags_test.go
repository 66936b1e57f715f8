package integration_test

import (
	"fmt"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

// Each entry is a command line on the examples' images, and the tags or repositories that it prints.
const (
	latest, alpine   = "nginx:latest", "nginx:alpine"
	mysql, agent     = "mysql/mysql-server:5.7", "datadog/agent:7"
	registry         = "123456789000.dkr.ecr.us-east-1.amazonaws.com"
	webapp, awscli   = registry + "/webapp:20200609-1018", "awscli:1"
	debian, untagged = "debian:buster-20200514-slim", "<none>:<none>"
)

// prints is the body of a table of flags and patterns.
func prints(ctx SpecContext, line string, wanted ...string) {
	if strings.Contains(line, "ize") {
		dockerOnly("to Podman, an image is as big as its layers' archives, in which the zeros of the suite's files are not")
	}
	field := "{{.Repository}}"
	if strings.HasPrefix(line, "tags") {
		field = "{{.Repository}}:{{.Tag}}"
	}
	printed := table(run(ctx, on(suite.Brief.Host()), append(strings.Fields(line), "--format", field)...))
	Expect(strings.Fields(printed)).To(HaveExactElements(wanted))
}

var _ = DescribeTable("tags PATTERN...", prints,
	Entry("lists the tags of a repository by its name", "tags nginx", latest, alpine),
	Entry("lists nothing by a part of a name", "tags server mysql aws nginx:lat"),
	Entry("lists one tag by its name", "tags nginx:alpine", alpine),
	Entry("takes the name with its registry", "tags docker.io/library/nginx:alpine "+webapp, alpine, webapp),
	Entry("takes * for any text, a / included", "tags *a*:*20*", webapp, debian),
	Entry("takes ? for one character", "tags ng?nx:?????? debian? d?n", latest, alpine),
	Entry("lists what one of several matches", "tags awscli:* mysql/*", mysql, awscli),
	Entry("finds untagged images by <none>", "tags <none>", untagged),
	Entry("prints nothing where nothing matches, with status 0", "tags nginx:1.25 mysql"),
	Entry("goes with the other flags", "tags nginx debian --minAge 20 --exclude *:b* --maxTags 1", alpine),
)

var _ = DescribeTable("repos PATTERN...", prints,
	Entry("lists a repository that is here", "repos nginx", "nginx"),
	Entry("lists the repositories that one of several matches", "repos d* mysql/*", "mysql/mysql-server", "datadog/agent", "debian"),
	Entry("prints nothing where nothing matches, with status 0", "repos mysql"),
)

var _ = DescribeTable("--prefix TEXT", prints,
	Entry("lists the repositories that start with TEXT, newest image first", "tags --prefix d", agent, debian),
	Entry("lists no repository that has TEXT elsewhere", "tags --prefix server"),
	Entry("may be repeated, to match any", "tags --prefix awscli --prefix mysql/", mysql, awscli),
	Entry("finds untagged images by <none>", "tags --prefix <none>", untagged),
	Entry("narrows what patterns match", "tags *:*l* --prefix d", debian),
)

var _ = DescribeTable("--exclude PATTERN", prints,
	Entry("leaves out the tags that PATTERN matches", "tags --exclude *:*l* --exclude *.*/* --exclude <none>", mysql, agent, awscli),
	Entry("leaves out whatever else chooses them", "tags d* --prefix d --exclude debian", agent),
	Entry("leaves out one tag and no other", "tags --prefix nginx --exclude nginx:latest", alpine),
)

var _ = DescribeTable("--minAge AGE and --maxAge AGE", prints,
	Entry("list images older than AGE, in days", "tags --minAge 110", awscli, debian, untagged),
	Entry("list images younger than AGE, in days", "tags --maxAge 50", latest, alpine),
	Entry("take weeks and hours as well", "tags --minAge 3w --maxAge 1100h", alpine),
	Entry("take dates, for images created before or after", "tags --minAge "+date(90)+" --maxAge "+date(100), agent),
	Entry("take exact times", "tags --maxAge "+daysAgo(20).Format(time.RFC3339), latest),
	Entry("list all by 0", "tags --minAge 0 --maxAge 0 nginx", latest, alpine),
)

var _ = DescribeTable("--minSize SIZE", prints,
	Entry("lists images bigger than SIZE, in powers of 1000", "tags --minSize 600MB", webapp, untagged),
	Entry("lists images bigger than SIZE, in powers of 1024", "tags --minSize 600MiB", webapp, untagged),
	Entry("lists images bigger than SIZE, in bytes", "tags --minSize 530000000 --exclude <none>", agent, webapp),
)

var _ = DescribeTable("--maxTags N", prints,
	Entry("lists the newest N tags of each repository", "tags --maxTags 1 --exclude d* --exclude 1*", latest, mysql, awscli, untagged),
	Entry("counts those alone that the other filters let through", "tags --maxTags 1 --minAge 20 --prefix nginx", alpine),
	Entry("lists all by 0", "tags --maxTags 0 --prefix nginx", latest, alpine),
)

var _ = DescribeTable("--keep N", prints,
	Entry("lists all but the newest N tags of each repository, and untagged images", "tags --keep 1", alpine, untagged),
	Entry("ranks all tags, before the other filters", "tags --keep 1 --minAge 20", alpine, untagged),
	Entry("ranks all tags, before patterns", "tags --keep 1 nginx:alpine", alpine),
	Entry("lists untagged images alone, where no repository has more than N", "tags --keep 2", untagged),
)

var _ = DescribeTable("--sort KEY", prints,
	Entry("sorts by repository", "tags --sort repository --exclude m* --exclude nginx", webapp, untagged, awscli, agent, debian),
	Entry("sorts by size, largest first", "tags --sort size --minSize 500MB", webapp, untagged, agent),
	Entry("sorts by tag, numbers by value", "tags --sort tag awscli mysql/* datadog/*", awscli, mysql, agent),
	Entry("sorts repositories by name", "repos --sort repository nginx d* a*", "awscli", "datadog/agent", "debian", "nginx"),
	Entry("sorts repositories by the size of their images together, largest first", "repos --sort size nginx d* mysql/*",
		"datadog/agent", "mysql/mysql-server", "nginx", "debian"),
)

var _ = Describe("--label KEY[=VALUE] and {{.Label \"KEY\"}}", func() {
	It("list images by their labels, and show them", func(ctx SpecContext) {
		e := startEngine(ctx)
		var all []fixture.Image
		for i, labels := range []map[string]string{{"team": "web", "stage": "prod"}, {"team": "web"}, {"team": "api", "stage": ""}, nil} {
			all = append(all, fixture.Image{References: []string{fmt.Sprintf("app:%d", i)}, Created: daysAgo(i + 1), Size: 1_000, Labels: labels})
		}
		e.load(ctx, all)
		listed := func(args ...string) string {
			return list(ctx, e, append(args, "--format", `{{.Tag}} {{.Label "team"}} {{.Labels}}|`)...)
		}
		Expect(listed()).To(Equal("0 web stage=prod,team=web|\n1 web team=web|\n2 api stage=,team=api|\n3  |\n"))
		Expect(listed("--label", "stage")).To(Equal("0 web stage=prod,team=web|\n2 api stage=,team=api|\n"), "KEY, whatever its value")
		Expect(listed("--label", "team=web")).To(Equal("0 web stage=prod,team=web|\n1 web team=web|\n"), "KEY=VALUE")
		Expect(listed("--label", "team=web", "--label", "stage", "app:?")).To(Equal("0 web stage=prod,team=web|\n"), "all of them")
		Expect(list(ctx, e, "--label", "stage=", "--format", "json")).To(ContainSubstring(`"labels":{"stage":"","team":"api"}`))
		Expect(list(ctx, e, "--label", "stage=test", "--quiet")).To(BeEmpty())
	})
})

var _ = Describe("--quiet and --no-trunc", func() {
	It("print the IDs alone, in full, newest first", func(ctx SpecContext) {
		var ids []string
		for _, image := range suite.Images {
			ids = append(ids, image.ID(suite.Brief.Store))
		}
		Expect(strings.Fields(list(ctx, suite.Brief, "--quiet", "--no-trunc"))).To(Equal(ids))
	})
})

var _ = Describe("--digests", func() {
	It("adds a column of digests, and --no-trunc shows IDs in full", func(ctx SpecContext) {
		header, rows, _ := strings.Cut(list(ctx, suite.Brief, "--digests", "--no-trunc"), "\n")
		Expect(strings.Fields(header)).To(Equal(strings.Fields("REPOSITORY TAG DIGEST IMAGE ID CREATED SIZE")))
		Expect(suite.Images).NotTo(BeEmpty())
		for _, image := range suite.Images {
			Expect(rows).To(ContainSubstring(" " + image.ID(suite.Brief.Store) + "   "))
		}
	})
})

var _ = Describe("--format", func() {
	DescribeTable("json prints a line for each row, which fits its schema", func(ctx SpecContext, file string, lines int, args ...string) {
		schema, err := jsonschema.NewCompiler().Compile("../lister/format/" + file)
		Expect(err).NotTo(HaveOccurred())
		out := table(run(ctx, on(suite.Brief.Host()), args...))
		Expect(strings.Count(out, "\n")).To(Equal(lines))
		for line := range strings.Lines(out) {
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
			Expect(err).NotTo(HaveOccurred())
			Expect(schema.Validate(value)).To(Succeed(), line)
		}
	},
		Entry("of tags and their sum", "tags.schema.json", 9, "tags", "--format", "json", "--sum"),
		Entry("of repositories", "repos.schema.json", 7, "repos", "--format", "json"),
	)

	It("prints creation times in UTC, wherever it runs", func(ctx SpecContext) {
		if _, err := time.LoadLocation(timeZone); err != nil {
			unavailable("this machine does not know the time zone " + timeZone + ": install tzdata")
		}
		created := suite.Images[0].Created
		Expect(list(ctx, suite.Brief, "--maxTags", "1", "--prefix", "nginx", "--format", "{{.CreatedAt}}")).To(
			Equal(created.Format("2006-01-02 15:04:05 -0700 MST") + "\n"))
		Expect(list(ctx, suite.Brief, "--maxTags", "1", "--prefix", "nginx", "--format", "json")).To(
			ContainSubstring(`"created":"` + created.Format(time.RFC3339) + `"`))
	})
})
