package format_test

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/format"
)

var _ = Describe("a template", func() {
	DescribeTable("has docker's placeholders and functions", func(text, want string) {
		first, _, _ := strings.Cut(tagsAs(text, lister.Table{}, tags()...), "\n")
		Expect(first).To(Equal(want))
	},
		Entry(nil, "{{.Repository}}:{{.Tag}}@{{.Digest}}", "nginx:latest@sha256:aa"),
		Entry(nil, "{{.ID}} {{.Size}}", "7e4d58f0e5f3 133MB"),
		Entry(nil, "{{.CreatedSince}}, {{.CreatedAt}}", "2 weeks ago, 2020-09-10 00:00:00 +0000 UTC"),
		Entry(nil, `{{.Tag}}\t{{upper .Tag}}`, "latest\tLATEST"),
		Entry(nil, `{{join (split .Repository "g") "-"}}`, "n-inx"),
		Entry(nil, `{{truncate .Repository 2}}{{if eq .Tag "latest"}}!{{end}}`, "ng!"),
		Entry(nil, "{{.Reference}}", "nginx:latest"),
		Entry("that takes a part of a text", `{{slice .ID 0 1}} {{slice .CreatedAt 0 3}} {{index (split .Digest ":") 0}}`, "7 202 sha256"),
		Entry("that takes more than all texts have", `{{if eq .Tag "latest"}}{{slice .ID 0 6}} {{slice .CreatedAt 0 10}} {{index (split .CreatedAt " ") 1}}{{end}}`, "7e4d58 2020-09-10 00:00:00"),
		Entry("that fits these rows, if not all", `{{if eq .Tag "latest"}}{{index (split .Repository "g") 1}} {{slice .Tag 5}}{{end}}`, "inx t"),
		Entry("by a variable", "{{$x := .}}{{$x.Tag}} {{$.Size}}", "latest 133MB"),
	)

	It("has each of the columns", func() {
		for _, column := range lister.TagColumns() {
			text := "{{." + column.Name + "}}"
			if column.Name == "Label" {
				text = `{{.Label "team"}}`
			}
			Expect(tagsAs(text, lister.Table{}, tags()...)).NotTo(ContainSubstring("no value"), column.Name)
		}
		for _, column := range lister.RepositoryColumns() {
			Expect(reposAs("{{."+column.Name+"}}")).NotTo(ContainSubstring("no value"), column.Name)
		}
	})

	DescribeTable("prints", func(text string, table lister.Table, want string) {
		Expect(tagsAs(text, table, append(tags(), unreferenced())...)).To(Equal(want))
	},
		Entry("N/A for unknown times and sizes", "{{.CreatedSince}} {{.CreatedAt}} {{.Size}}", lister.Table{},
			"2 weeks ago 2020-09-10 00:00:00 +0000 UTC 133MB\nN/A N/A N/A\nN/A N/A 0B\n"),
		Entry("N/A for unknown use", "{{.Containers}} {{.SharedSize}} {{.UniqueSize}}", lister.Table{}, "2 33MB 100MB\nN/A N/A N/A\n0 0B 0B\n"),
		Entry("N/A for an unknown number of bytes", "{{.Bytes}}", lister.Table{}, "133000000\nN/A\n0\n"),
		Entry("the ID in full", "{{.ID}}", lister.Table{NoTrunc: true}, longID+"\nb\n-f\n"),
	)

	It("makes a table under the titles of its fields", func() {
		Expect(tagsAs(`table {{.Bytes}}\t{{.Label "org.opencontainers.image.version"}}\t{{.Labels}}\t{{.UsedBy}}`, lister.Table{}, detailed())).To(Equal(
			"BYTES     VERSION   LABELS                                              USED BY\n7         1.2       org.opencontainers.image.version=1.2,team=the one   db,web\n"))
		Expect(tagsAs(`table {{.Repository}}\t{{.ID}}\t{{.Size}}`, lister.Table{}, tags()...)).To(Equal(
			"REPOSITORY   IMAGE ID       SIZE\nnginx        7e4d58f0e5f3   133MB\n<none>       b              N/A\n"))
		Expect(reposAs(`table {{.Repository}}\t{{.Tags}}\t{{.Size}}\t{{.CreatedSince}}`)).To(Equal(
			"REPOSITORY   TAGS      SIZE      CREATED\nnginx        2         155MB     2 weeks ago\n<none>       1         0B        N/A\n"))
	})

	It("has as much of a header as can be made of titles, as with docker", func() {
		Expect(tagsAs(`table {{.ID}}\t{{slice .Tag 0 6}}`, lister.Table{}, tags()...)).To(HavePrefix("IMAGE ID       \n7e4d58f0e5f3   latest\n"))
		Expect(tagsAs(`table {{.ID}}\t{{json .}}`, lister.Table{}, tags()...)).To(HavePrefix("IMAGE ID       \n7e4d58f0e5f3   {"))
	})

	DescribeTable("is refused", func(text, message string) {
		_, err := format.ParseTags(text)
		Expect(err).To(MatchError(format.ErrFormat))
		Expect(err).To(MatchError(ContainSubstring(message)))
	},
		Entry("that is broken", "{{if", "unclosed action"),
		Entry("of an unknown function", "{{nope .Tag}}", `function "nope" not defined`),
		Entry("of an unknown field", "{{.Nope}}", "no field .Nope: there are .Context, .Repository, .Tag,"),
		Entry("of an unknown field in a branch", `{{if eq .Tag "x"}}{{.Nope}}{{end}}`, "no field .Nope"),
		Entry("of an unknown field in another branch", `{{with .Tag}}{{else}}{{upper .Nope}}{{end}}`, "no field .Nope"),
		Entry("of an unknown field of a field", "{{.Tag.Nope}}", "no field .Nope"),
		Entry("of an unknown field of what is in parentheses", `{{if false}}{{(.Tag).Nope}}{{end}}`, "no field .Nope"),
		Entry("of a field of repositories", "{{.Tags}}", "no field .Tags"),
		Entry("of the name of a format", "{{.json}}", "no field .json"),
		Entry("of an unknown field of a variable", "{{$x := .}}{{if false}}{{$x.Nope}}{{end}}", "no field .Nope"),
		Entry("of docker's that does not exist here", "{{.VirtualSize}}", "no field .VirtualSize: there are .Context, .Repository, .Tag, .Reference, .Digest, .ID, .CreatedSince, .CreatedAt, .Size"),
		Entry("that is a word", "yaml", "neither table, json nor a template such as {{.Repository}}"),
		Entry("that is JSON in capitals", "JSON", "neither table, json nor a template"),
		Entry("that is a table of a word", "table raw", "neither table, json nor a template"),
		Entry("that cannot be carried out", "{{truncate .Tag}}", "wrong number of args"),
	)

	DescribeTable("asks for what it names", func(text string, fields lister.Fields) {
		f, err := format.ParseTags(text)
		Expect(err).NotTo(HaveOccurred())
		Expect(f.Fields()).To(Equal(fields))
	},
		Entry(nil, "table", lister.Fields(0)),
		Entry(nil, "json", lister.Digests),
		Entry(nil, "{{json .}}", lister.Digests),
		Entry(nil, "{{json $}}", lister.Digests),
		Entry(nil, "{{.Tag}} {{.Size}}", lister.Fields(0)),
		Entry(nil, "{{.Digest}}", lister.Digests),
		Entry(nil, "{{.Reference}}", lister.Digests),
		Entry(nil, "{{.Containers}}", lister.Containers),
		Entry(nil, "{{.SharedSize}}", lister.SharedSize),
		Entry(nil, `{{if eq .Tag "x"}}{{.UniqueSize}}{{end}}`, lister.SharedSize),
		Entry(nil, "{{$x := .Tag}}{{$.Size}}", lister.Fields(0)),
		Entry(nil, "{{json .}}{{.UniqueSize}}", lister.Digests|lister.SharedSize),
		Entry(nil, `{{if .UsedBy}}{{json .}}{{end}}`, lister.Digests|lister.UsedBy),
		Entry(nil, `{{.Label "team"}}{{.Bytes}}`, lister.Labels),
		Entry(nil, "{{.Labels}}", lister.Labels),
	)

	It("is not taken for the table", func() {
		for text, want := range map[string]bool{"": true, "table": true, "json": false, "{{.ID}}": false, "table {{.ID}}": false} {
			f, err := format.ParseTags(text)
			Expect(err).NotTo(HaveOccurred())
			Expect(f.IsTable()).To(Equal(want), text)
			Expect(f.IsTemplate()).To(Equal(strings.Contains(text, "{{")), text)
		}
	})

	DescribeTable("that fails on a row prints nothing", func(text, message string) {
		f, err := format.ParseTags(text)
		out, err := write(f, err, lister.Table{}, append(tags(), unreferenced())...)
		Expect(err).To(MatchError(HavePrefix(message)))
		Expect(out).To(BeEmpty())
	},
		Entry(nil, `{{if eq .Tag "latest"}}{{slice .Tag 9 9}}{{end}}`, "the template fails on row 1: "),
		Entry("not even its header", `table {{.ID}}\t{{slice .Tag 0 7}}`, "the template fails on row 1: "),
		Entry("for the lack of a reference", `{{.Reference}}`, "<none> <none>, image -f: docker has no reference for it; try: --format json, which has null there, or the table"),
	)
})
