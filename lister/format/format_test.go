package format_test

import (
	"errors"
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

const longID = "sha256:7e4d58f0e5f3c8ccd0d2f5a4a7d1dbf2c3e4f5061728394a5b6c7d8e9fa0b1c2"

// tags returns one that has everything, and one that has as little as can be.
func tags() []*lister.Row {
	return []*lister.Row{
		{Repository: "nginx", Tag: "latest", Digests: []string{"sha256:aa", "sha256:bb"}, ID: longID, Created: 1599696000, Size: 133_000_000, Containers: 2, SharedSize: 33_000_000},
		{Repository: lister.None, Tag: lister.None, ID: "b", Size: -1, Containers: -1, SharedSize: -1},
	}
}

// detailed returns a tag with what is shown on request only.
func detailed() *lister.Row {
	return &lister.Row{Repository: "a", Tag: "1", ID: "c", Size: 7, SharedSize: -1, Containers: 2, Details: &lister.Details{
		UsedBy: []string{"db", "web"}, Labels: map[string]string{"team": "the one", "org.opencontainers.image.version": "1.2"},
	}}
}

// unreferenced returns a tag that has no reference.
func unreferenced() *lister.Row {
	return &lister.Row{Repository: lister.None, Tag: lister.None, ID: "-f"}
}

// write prints rows in a format.
func write(f format.Format, err error, table lister.Table, rows ...*lister.Row) (string, error) {
	GinkgoHelper()
	Expect(err).NotTo(HaveOccurred())
	var out strings.Builder
	table.Now = time.Date(2020, 9, 25, 12, 0, 0, 0, time.UTC)
	err = f.Write(&out, rows, table)
	return out.String(), err
}

func tagsAs(text string, table lister.Table, rows ...*lister.Row) string {
	GinkgoHelper()
	f, err := format.ParseTags(text)
	out, err := write(f, err, table, rows...)
	Expect(err).NotTo(HaveOccurred())
	return out
}

func reposAs(text string) string {
	GinkgoHelper()
	f, err := format.ParseRepos(text)
	out, err := write(f, err, lister.Table{},
		&lister.Row{Repository: "nginx", Tags: 2, Size: 155_100_000, Created: 1599696000}, &lister.Row{Repository: lister.None, Tags: 1})
	Expect(err).NotTo(HaveOccurred())
	return out
}

var _ = Describe("JSON", func() {
	const (
		nginx = `{"repository":"nginx","tag":"latest","reference":"nginx:latest","digests":["sha256:aa","sha256:bb"],"id":"` + longID + `","created":"2020-09-10T00:00:00Z","size":133000000,"shared_size":33000000,"unique_size":100000000,"containers":2}` + "\n"
		none  = `{"repository":"<none>","tag":"<none>","reference":"b","digests":[],"id":"b","created":null,"size":null,"shared_size":null,"unique_size":null,"containers":null}` + "\n"
		repos = `{"repository":"nginx","tags":2,"size":155100000,"created":"2020-09-10T00:00:00Z"}` + "\n" + `{"repository":"<none>","tags":1,"size":0,"created":null}` + "\n"
	)

	DescribeTable("is an object for each tag", func(total *lister.Total, want string, rows ...*lister.Row) {
		Expect(tagsAs("json", lister.Table{Total: total}, rows...)).To(Equal(want))
	},
		Entry("in full", nil, nginx+none, tags()[0], tags()[1]),
		Entry("and one for the total", &lister.Total{Size: 5, Images: 1, Tags: 2}, none+`{"total_size":5,"total_unique_size":0,"images":1,"tags":2}`+"\n", tags()[1]),
		Entry("and one for a total of which something is unknown", &lister.Total{Unique: -1}, `{"total_size":0,"total_unique_size":null,"images":0,"tags":0}`+"\n"),
		Entry("without a reference where docker takes none", nil,
			`{"repository":"<none>","tag":"<none>","reference":null,"digests":[],"id":"-f","created":null,"size":0,"shared_size":0,"unique_size":0,"containers":0}`+"\n", unreferenced()),
	)

	It("has what is shown on request only, where it was asked for", func() {
		Expect(tagsAs("json", lister.Table{}, detailed())).To(Equal(`{"repository":"a","tag":"1","reference":"a:1","digests":[],"id":"c","created":null,"size":7,"shared_size":null,"unique_size":null,"containers":2,` +
			`"used_by":["db","web"],"labels":{"org.opencontainers.image.version":"1.2","team":"the one"}}` + "\n"))
	})

	It("is what a template makes of the whole row", func() {
		for _, text := range []string{"json", "{{json .}}", "{{.}}"} {
			Expect(tagsAs(text, lister.Table{}, tags()...)).To(Equal(nginx+none), text)
			Expect(reposAs(text)).To(Equal(repos), text)
		}
	})

	DescribeTable("has times in UTC, wherever it runs, as far as RFC 3339 can write them", func(created int64, inJSON, inTemplate string) {
		DeferCleanup(func(here *time.Location) { time.Local = here }, time.Local)
		time.Local = time.FixedZone("Pacific/Kiritimati", 14*3600)
		row := &lister.Row{Repository: "a", Tag: "b", ID: "c", Created: created}
		Expect(tagsAs("json", lister.Table{}, row)).To(ContainSubstring(`"created":` + inJSON + ","))
		Expect(tagsAs("{{.CreatedAt}}", lister.Table{}, row)).To(Equal(inTemplate + "\n"))
	},
		Entry("from the first second on", int64(1), `"1970-01-01T00:00:01Z"`, "1970-01-01 00:00:01 +0000 UTC"),
		Entry("to the last", int64(253402300799), `"9999-12-31T23:59:59Z"`, "9999-12-31 23:59:59 +0000 UTC"),
		Entry("and none after it", int64(253402300800), "null", "N/A"),
		Entry("nor in the far future", int64(math.MaxInt64), "null", "N/A"),
	)

	DescribeTable("fits its schema, which takes nothing else", func(file, lines string, validity OmegaMatcher) {
		schema, err := jsonschema.NewCompiler().Compile(file)
		Expect(err).NotTo(HaveOccurred())
		for line := range strings.Lines(lines) {
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
			Expect(err).NotTo(HaveOccurred())
			Expect(schema.Validate(value)).To(validity, line)
		}
	},
		Entry("tags", "tags.schema.json", nginx+none+`{"total_size":5,"total_unique_size":3,"images":1,"tags":2}`, Succeed()),
		Entry("a tag of several engines", "tags.schema.json", strings.Replace(nginx, "{", `{"context":"prod",`, 1), Succeed()),
		Entry("a tag in full", "tags.schema.json", strings.Replace(nginx, `"containers":2`, `"containers":2,"used_by":["web"],"labels":{"team":""}`, 1), Succeed()),
		Entry("a field more", "tags.schema.json", strings.Replace(nginx, "{", `{"more":1,`, 1), Not(Succeed())),
		Entry("a field less", "tags.schema.json", strings.Replace(nginx, `"tag":"latest",`, "", 1), Not(Succeed())),
		Entry("a size in words", "tags.schema.json", strings.Replace(nginx, "133000000", `"133MB"`, 1), Not(Succeed())),
		Entry("a time that is not UTC", "tags.schema.json", strings.Replace(nginx, "00Z", `00+02:00`, 1), Not(Succeed())),
		Entry("repositories", "repos.schema.json", repos+`{"context":"prod","repository":"<none>","tags":1,"size":0,"created":null}`, Succeed()),
		Entry("a repository without tags", "repos.schema.json", `{"repository":"nginx","tags":0,"size":1,"created":null}`, Not(Succeed())),
	)
})

var _ = It("any format fails where the output does", func() {
	for _, text := range []string{"json", "{{.ID}}", "table {{.ID}}", "table"} {
		f, err := format.ParseTags(text)
		Expect(err).NotTo(HaveOccurred())
		Expect(f.Write(fullWriter{}, tags(), lister.Table{})).To(MatchError(errFull), text)
	}
})

var errFull = errors.New("no space left")

type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, errFull }
