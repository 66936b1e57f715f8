package lister_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("patterns", func() {
	DescribeTable("match rows by name", func(ctx SpecContext, texts []string, want ...string) {
		all := images{tagged('1', 0, 1, "nginx:1.25", "nginx:1", "nginx:latest", "host:5000/team/app:v1", "team/nginx:1"), tagged('2', 0, 1)}
		Expect(names(list(ctx, all, lister.Filter{Patterns: patterns(texts...)}))).To(Equal(want))
	},
		Entry("a repository", []string{"nginx"}, "nginx 1", "nginx 1.25", "nginx latest"),
		Entry("a tag", []string{"nginx:1"}, "nginx 1"),
		Entry("behind a registry with a port", []string{"host:5000/team/app"}, "host:5000/team/app v1"),
		Entry("a tag behind a registry with a port", []string{"host:5000/team/app:v1"}, "host:5000/team/app v1"),
		Entry("another tag", []string{"host:5000/team/app:v2"}),
		Entry("a * crosses slashes", []string{"h*app"}, "host:5000/team/app v1"),
		Entry("and matches nothing", []string{"*nginx*:*1*"}, "nginx 1", "nginx 1.25", "team/nginx 1"),
		Entry("a ? is one character", []string{"?ginx:?", "team?nginx"}, "nginx 1", "team/nginx 1"),
		Entry("in a tag", []string{"nginx:1.*"}, "nginx 1.25"),
		Entry("a tag of any repository", []string{"*:latest"}, "nginx latest"),
		Entry("a dot is a dot", []string{"nginx:1.2.", "ngin."}),
		Entry("any of several", []string{"*:v1", "nginx:1"}, "host:5000/team/app v1", "nginx 1"),
		Entry("the untagged", []string{"<none>"}, "<none> <none>"),
		Entry("Docker Hub's long name", []string{"docker.io/library/nginx:1", "index.docker.io/team/nginx"}, "nginx 1", "team/nginx 1"),
		Entry("no name that has what the pattern lacks", []string{"nginx\xff", "(", "[a"}),
		Entry("everything", []string{"*"}, "<none> <none>", "host:5000/team/app v1", "nginx 1", "nginx 1.25", "nginx latest", "team/nginx 1"),
	)

	It("are not the zero Pattern, which matches nothing", func(ctx SpecContext) {
		Expect(list(ctx, images{tagged('1', 0, 1, "a:1")}, lister.Filter{Patterns: []lister.Pattern{{}}})).To(BeEmpty())
	})

	DescribeTable("are what engines are asked for, up to the first wildcard of the repository", func(ctx SpecContext, filter lister.Filter, want ...string) {
		filter.Prefixes = []string{"a"}
		var wanted lister.Want
		listAll(ctx, lister.Lister{Engine: asked{want: &wanted}}, filter)
		Expect(wanted.Prefixes).To(Equal(want))
		Expect(wanted.Names).To(Equal([]string{"nginx"}))
	},
		Entry("a folder", lister.Filter{Patterns: patterns("team1/*", "nginx")}, "team1/"),
		Entry("with a tag", lister.Filter{Patterns: patterns("nginx", "team1/*:1.?", "docker.io/team2/*")}, "team1/", "team2/"),
		Entry("with more behind it", lister.Filter{Patterns: patterns("te?m/*/app", "nginx:*")}, "te"),
		Entry("ranked in each repository", lister.Filter{Patterns: patterns("team1/*:1", "nginx:1"), Keep: 1}, "team1/"),
	)

	DescribeTable("are what engines are asked for, where they have no wildcard in the repository", func(ctx SpecContext, filter lister.Filter, fields lister.Fields, want ...string) {
		var wanted lister.Want
		listAll(ctx, lister.Lister{Engine: asked{want: &wanted}, Fields: fields}, filter)
		Expect(wanted.Names).To(Equal(append([]string(nil), want...)))
		Expect(wanted.Prefixes).To(BeEmpty())
	},
		Entry("names", lister.Filter{Patterns: patterns("nginx", "a/b:1", "docker.io/library/nginx:1", "c:1.*")}, lister.Fields(0), "nginx", "a/b:1", "nginx:1", "c"),
		Entry("one that starts with a wildcard", lister.Filter{Patterns: patterns("nginx", "a*", "?b")}, lister.Fields(0)),
		Entry("untagged images", lister.Filter{Patterns: patterns("<none>")}, lister.Fields(0)),
		Entry("by digest only", lister.Filter{Patterns: patterns("a:<none>")}, lister.Fields(0), "a"),
		Entry("with digests, which depend on the names", lister.Filter{Patterns: patterns("nginx")}, lister.Digests),
		Entry("where other names may keep an image", lister.Filter{Patterns: patterns("nginx"), Keep: 1, KeepImages: true}, lister.Fields(0)),
		Entry("ranked in the repository", lister.Filter{Patterns: patterns("nginx", "app:1"), Keep: 1}, lister.Fields(0), "nginx", "app"),
	)
})
