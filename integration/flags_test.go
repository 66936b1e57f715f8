package integration_test

import (
	"slices"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Each entry is a run of `dkr-ls tags` on the examples' images, and the references that it prints.
const (
	latest, alpine     = "nginx:latest", "nginx:alpine"
	mysql, agent       = "mysql/mysql-server:5.7", "datadog/agent:7"
	webapp, awscli     = "123456789000.dkr.ecr.us-east-1.amazonaws.com/webapp:20200609-1018", "awscli:1"
	debian, untaggedID = "debian:buster-20200514-slim", "<none>"
)

// lists is the body of a table of flags.
func lists(ctx SpecContext, flags string, wanted ...string) {
	if strings.Contains(flags, "ize") {
		dockerOnly("to Podman, an image is as big as its layers' archives, in which the zeros of the suite's files are not")
	}
	if i := slices.Index(wanted, untaggedID); i >= 0 {
		wanted = slices.Clone(wanted)
		wanted[i] = suite.Images[7].ID(suite.Brief.Store)
	}
	args := append(strings.Fields(flags), "--format", "{{.Reference}}")
	Expect(strings.Fields(list(ctx, suite.Brief, args...))).To(HaveExactElements(wanted))
}

var _ = DescribeTable("--prefix TEXT", lists,
	Entry("lists the repositories that start with TEXT, newest image first", "--prefix d", agent, debian),
	Entry("lists no repository that has TEXT elsewhere", "--prefix server"),
	Entry("may be repeated, to match any", "--prefix awscli --prefix mysql/", mysql, awscli),
	Entry("finds untagged images by <none>", "--prefix <none>", untaggedID),
)

var _ = DescribeTable("--exclude TEXT", lists,
	Entry("leaves out the repositories that start with TEXT", "--exclude d --exclude 1 --exclude <none>", latest, alpine, mysql, awscli),
	Entry("leaves out whatever --prefix says", "--prefix d --exclude debian", agent),
)

var _ = DescribeTable("--minAge DAYS", lists,
	Entry("lists images created more than DAYS ago", "--minAge 110", awscli, debian, untaggedID),
	Entry("lists all by 0", "--minAge 0 --prefix nginx", latest, alpine),
)

var _ = DescribeTable("--minSize SIZE", lists,
	Entry("lists images bigger than SIZE, in powers of 1000", "--minSize 600MB", webapp, untaggedID),
	Entry("lists images bigger than SIZE, in powers of 1024", "--minSize 600MiB", webapp, untaggedID),
	Entry("lists images bigger than so many bytes", "--minSize 530000000 --exclude <none>", agent, webapp),
)

var _ = DescribeTable("--maxTags N", lists,
	Entry("lists the newest N tags of each repository", "--maxTags 1 --exclude d --exclude 1", latest, mysql, awscli, untaggedID),
	Entry("counts those alone that the other filters let through", "--maxTags 1 --minAge 20 --prefix nginx", alpine),
	Entry("lists all by 0", "--maxTags 0 --prefix nginx", latest, alpine),
)

var _ = DescribeTable("--keep N", lists,
	Entry("lists all but the newest N tags of each repository, and untagged images", "--keep 1", alpine, untaggedID),
	Entry("ranks all tags, before the other filters", "--keep 1 --minAge 20", alpine, untaggedID),
	Entry("lists untagged images alone, where no repository has more than N", "--keep 2", untaggedID),
)

var _ = DescribeTable("--sort KEY", lists,
	Entry("sorts by repository", "--sort repository --exclude m --exclude nginx", webapp, untaggedID, awscli, agent, debian),
	Entry("sorts by size, largest first", "--sort size --minSize 500MB", webapp, untaggedID, agent),
	Entry("sorts by tag, numbers by value", "--sort tag --prefix awscli --prefix mysql --prefix datadog", awscli, mysql, agent),
)

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
