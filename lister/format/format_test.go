package format_test

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/format"
)

func TestFormat(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "lister/format")
}

func now() time.Time { return time.Date(2020, 9, 25, 12, 0, 0, 0, time.UTC) }

const longID = "sha256:7e4d58f0e5f3c8ccd0d2f5a4a7d1dbf2c3e4f5061728394a5b6c7d8e9fa0b1c2"

// tags are one that says everything, and one that says as little as can be.
func tags() []lister.Tag {
	return []lister.Tag{
		{Repository: "nginx", Tag: "latest", Digests: []string{"sha256:aa", "sha256:bb"}, ID: longID, Created: 1599696000, Size: 133_000_000, Containers: 2, SharedSize: 33_000_000},
		{Repository: lister.None, Tag: lister.None, ID: "b", Size: -1, Containers: -1, SharedSize: -1},
	}
}

func repos() []*lister.Repository {
	return []*lister.Repository{{Name: "nginx", Tags: 2, Size: 155_100_000, Created: 1599696000}, {Name: lister.None, Tags: 1}}
}

// listOf returns tags in the order of a listing.
func listOf(tags ...lister.Tag) []*lister.Tag {
	var all []*lister.Tag
	for _, t := range tags {
		all = append(all, &t)
	}
	lister.Sort(all, lister.ByCreated)
	return all
}

func tagsAs(text string, options lister.Table) string {
	GinkgoHelper()
	f, err := format.ParseTags(text)
	Expect(err).NotTo(HaveOccurred())
	var out strings.Builder
	options.Now = now()
	Expect(f.Write(&out, listOf(tags()...), options)).To(Succeed())
	return out.String()
}

func reposAs(text string) string {
	GinkgoHelper()
	f, err := format.ParseRepos(text)
	Expect(err).NotTo(HaveOccurred())
	var out strings.Builder
	Expect(f.Write(&out, repos(), lister.Table{Now: now()})).To(Succeed())
	return out.String()
}

var _ = Describe("JSON", func() {
	const (
		nginx = `{"repository":"nginx","tag":"latest","reference":"nginx:latest","digests":["sha256:aa","sha256:bb"],"id":"` + longID + `","created":"2020-09-10T00:00:00Z","size":133000000,"shared_size":33000000,"unique_size":100000000,"containers":2}` + "\n"
		none  = `{"repository":"<none>","tag":"<none>","reference":"b","digests":[],"id":"b","created":null,"size":null,"shared_size":null,"unique_size":null,"containers":null}` + "\n"
	)

	It("is an object for each tag, in full", func() {
		Expect(tagsAs("json", lister.Table{})).To(Equal(nginx + none))
	})

	It("ends with an object for the total", func() {
		Expect(tagsAs("json", lister.Table{Total: &lister.Total{Size: 5, Unique: 3, Images: 1, Tags: 2}})).To(
			Equal(nginx + none + `{"total_size":5,"total_unique_size":3,"images":1,"tags":2}` + "\n"))
	})

	It("is what a template makes of the whole row", func() {
		Expect(tagsAs("{{json .}}", lister.Table{})).To(Equal(tagsAs("json", lister.Table{})))
		Expect(reposAs("{{json .}}")).To(Equal(reposAs("json")))
	})

	It("is an object for each repository", func() {
		Expect(reposAs("json")).To(Equal(`{"repository":"nginx","tags":2,"size":155100000,"created":"2020-09-10T00:00:00Z"}` + "\n" +
			`{"repository":"<none>","tags":1,"size":0,"created":null}` + "\n"))
	})

	It("has no reference where docker takes none", func() {
		f, err := format.ParseTags("json")
		Expect(err).NotTo(HaveOccurred())
		var out strings.Builder
		Expect(f.Write(&out, listOf(lister.Tag{Repository: lister.None, Tag: lister.None, ID: "-f"}), lister.Table{})).To(Succeed())
		Expect(out.String()).To(Equal(`{"repository":"<none>","tag":"<none>","reference":null,"digests":[],"id":"-f","created":null,"size":0,"shared_size":0,"unique_size":0,"containers":0}` + "\n"))
	})

	DescribeTable("has times as far as RFC 3339 can write them", func(created int64, inJSON, inTemplate string) {
		for text, want := range map[string]string{"json": `"created":` + inJSON + ",", "{{.CreatedAt}}": inTemplate + "\n"} {
			f, err := format.ParseTags(text)
			Expect(err).NotTo(HaveOccurred())
			var out strings.Builder
			Expect(f.Write(&out, listOf(lister.Tag{Repository: "a", Tag: "b", ID: "c", Created: created}), lister.Table{})).To(Succeed())
			Expect(out.String()).To(ContainSubstring(want))
		}
	},
		Entry("from the first second on", int64(1), `"1970-01-01T00:00:01Z"`, "1970-01-01 00:00:01 +0000 UTC"),
		Entry("to the last", int64(253402300799), `"9999-12-31T23:59:59Z"`, "9999-12-31 23:59:59 +0000 UTC"),
		Entry("and none after it", int64(253402300800), "null", "N/A"),
		Entry("nor in the far future", int64(math.MaxInt64), "null", "N/A"),
	)

	DescribeTable("fits its schema, which takes nothing else", func(file, lines string, valid bool) {
		schema, err := jsonschema.NewCompiler().Compile(file)
		Expect(err).NotTo(HaveOccurred())
		for line := range strings.Lines(lines) {
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
			Expect(err).NotTo(HaveOccurred())
			if valid {
				Expect(schema.Validate(value)).To(Succeed(), line)
			} else {
				Expect(schema.Validate(value)).NotTo(Succeed(), line)
			}
		}
	},
		Entry("tags", "tags.schema.json", nginx+none+`{"total_size":5,"total_unique_size":3,"images":1,"tags":2}`, true),
		Entry("a tag of several engines", "tags.schema.json", strings.Replace(nginx, "{", `{"context":"prod",`, 1), true),
		Entry("a field more", "tags.schema.json", strings.Replace(nginx, "{", `{"more":1,`, 1), false),
		Entry("a field less", "tags.schema.json", strings.Replace(nginx, `"tag":"latest",`, "", 1), false),
		Entry("a size in words", "tags.schema.json", strings.Replace(nginx, "133000000", `"133MB"`, 1), false),
		Entry("a time that is not UTC", "tags.schema.json", strings.Replace(nginx, "00Z", `00+02:00`, 1), false),
		Entry("repositories", "repos.schema.json", `{"repository":"nginx","tags":2,"size":155100000,"created":"2020-09-10T00:00:00Z"}`+"\n"+
			`{"context":"prod","repository":"<none>","tags":1,"size":0,"created":null}`, true),
		Entry("a repository without tags", "repos.schema.json", `{"repository":"nginx","tags":0,"size":1,"created":null}`, false),
	)
})

var _ = Describe("a template", func() {
	DescribeTable("has docker's placeholders and functions", func(text, want string) {
		first, _, _ := strings.Cut(tagsAs(text, lister.Table{}), "\n")
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

	It("has each field that it is said to have", func() {
		for _, column := range lister.TagColumns() {
			Expect(tagsAs("{{."+column.Name+"}}", lister.Table{})).NotTo(ContainSubstring("no value"), column.Name)
		}
		for _, column := range lister.RepositoryColumns() {
			Expect(reposAs("{{."+column.Name+"}}")).NotTo(ContainSubstring("no value"), column.Name)
		}
	})

	It("says N/A where nothing is known", func() {
		Expect(tagsAs("{{.CreatedSince}} {{.CreatedAt}} {{.Size}}", lister.Table{})).To(HaveSuffix("\nN/A N/A N/A\n"))
		Expect(tagsAs("{{.Containers}} {{.SharedSize}} {{.UniqueSize}}", lister.Table{})).To(Equal("2 33MB 100MB\nN/A N/A N/A\n"))
	})

	It("has the ID in full if asked to", func() {
		Expect(tagsAs("{{.ID}}", lister.Table{NoTrunc: true})).To(Equal(longID + "\nb\n"))
	})

	It("makes a table with a header of its own", func() {
		Expect(tagsAs(`table {{.Repository}}\t{{.ID}}\t{{.Size}}`, lister.Table{})).To(Equal(
			"REPOSITORY   IMAGE ID       SIZE\nnginx        7e4d58f0e5f3   133MB\n<none>       b              N/A\n"))
		Expect(reposAs(`table {{.Repository}}\t{{.Tags}}\t{{.Size}}\t{{.CreatedSince}}`)).To(Equal(
			"REPOSITORY   TAGS      SIZE      CREATED\nnginx        2         155MB     2 weeks ago\n<none>       1         0B        N/A\n"))
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
		Entry("of a field of repositories", "{{.Tags}}", "no field .Tags"),
		Entry("of a field that is ours alone", "{{.json}}", "no field .json"),
		Entry("of an unknown field of a variable", "{{$x := .}}{{if false}}{{$x.Nope}}{{end}}", "no field .Nope"),
		Entry("of docker's that we do not have", "{{.VirtualSize}}", "no field .VirtualSize: there are .Context, .Repository, .Tag, .Reference, .Digest, .ID, .CreatedSince, .CreatedAt, .Size"),
		Entry("that is a word", "yaml", "neither table, json nor a template such as {{.Repository}}"),
		Entry("that is JSON in capitals", "JSON", "neither table, json nor a template"),
		Entry("that is a table of a word", "table raw", "neither table, json nor a template"),
		Entry("that cannot be carried out", "{{truncate .Tag}}", "wrong number of args"),
	)

	DescribeTable("tells what has to be asked for", func(text string, fields lister.Fields) {
		f, err := format.ParseTags(text)
		Expect(err).NotTo(HaveOccurred())
		Expect(f.Fields()).To(Equal(fields))
	},
		Entry(nil, "table", lister.Fields(0)),
		Entry(nil, "json", lister.Digests|lister.Containers),
		Entry(nil, "{{json .}}", lister.Digests|lister.Containers),
		Entry(nil, "{{.Tag}} {{.Size}}", lister.Fields(0)),
		Entry(nil, "{{.Digest}}", lister.Digests),
		Entry(nil, "{{.Reference}}", lister.Digests),
		Entry(nil, "{{.Containers}}", lister.Containers),
		Entry(nil, "{{.SharedSize}}", lister.SharedSize),
		Entry(nil, `{{if eq .Tag "x"}}{{.UniqueSize}}{{end}}`, lister.SharedSize),
		Entry(nil, "{{$x := .Tag}}{{$.Size}}", lister.Fields(0)),
		Entry(nil, "{{json .}}{{.UniqueSize}}", lister.Digests|lister.Containers|lister.SharedSize),
	)

	It("is not taken for the table", func() {
		for text, want := range map[string]bool{"": true, "table": true, "json": false, "{{.ID}}": false, "table {{.ID}}": false} {
			f, err := format.ParseTags(text)
			Expect(err).NotTo(HaveOccurred())
			Expect(f.IsTable()).To(Equal(want), text)
			Expect(f.IsTemplate()).To(Equal(strings.Contains(text, "{{")), text)
		}
	})

	It("tells of no container as of a number", func() {
		f, err := format.ParseTags("{{.Containers}}")
		Expect(err).NotTo(HaveOccurred())
		var out strings.Builder
		Expect(f.Write(&out, listOf(lister.Tag{ID: longID}), lister.Table{})).To(Succeed())
		Expect(out.String()).To(Equal("0\n"))
	})

	It("fails for the lack of a reference with nothing but that", func() {
		f, err := format.ParseTags("{{.Reference}}")
		Expect(err).NotTo(HaveOccurred())
		err = f.Write(io.Discard, listOf(lister.Tag{Repository: lister.None, Tag: lister.None, ID: "-f"}), lister.Table{})
		Expect(err).To(MatchError("<none> <none>, image -f: docker has no reference for it; try: --format json, which has null there, or the table"))
	})

	DescribeTable("that fails on a row prints nothing", func(text, message string) {
		f, err := format.ParseTags(text)
		Expect(err).NotTo(HaveOccurred())
		var out strings.Builder
		Expect(f.Write(&out, listOf(append(tags(), lister.Tag{Repository: lister.None, Tag: lister.None, ID: "-f"})...), lister.Table{})).To(MatchError(ContainSubstring(message)))
		Expect(out.String()).To(BeEmpty())
	},
		Entry(nil, `{{if eq .Tag "latest"}}{{slice .Tag 9 9}}{{end}}`, "the template fails on row 1: "),
		Entry("not even its header", `table {{.ID}}\t{{slice .Tag 0 7}}`, "the template fails on row 1: "),
		Entry("for the lack of a reference", `{{.Reference}}`, "<none> <none>, image -f: docker has no reference for it; try: --format json"),
	)

	It("has as much of a header as can be made of titles, as with docker", func() {
		Expect(tagsAs(`table {{.ID}}\t{{slice .Tag 0 6}}`, lister.Table{})).To(HavePrefix("IMAGE ID       \n7e4d58f0e5f3   latest\n"))
		Expect(tagsAs(`table {{.ID}}\t{{json .}}`, lister.Table{})).To(HavePrefix("IMAGE ID       \n7e4d58f0e5f3   {"))
	})
})

var _ = Describe("any format", func() {
	It("fails where the output does", func() {
		for _, text := range []string{"json", "{{.ID}}", "table {{.ID}}"} {
			f, err := format.ParseTags(text)
			Expect(err).NotTo(HaveOccurred())
			Expect(f.Write(fullWriter{}, listOf(tags()...), lister.Table{})).To(MatchError(errFull), text)
		}
	})
})

var errFull = errors.New("no space left")

type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, errFull }
