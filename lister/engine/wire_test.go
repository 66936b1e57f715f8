package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/engine"
)

var _ = Describe("an engine's answer", func() {
	DescribeTable("in the form that engines send", func(ctx SpecContext, file string, want ...lister.Image) {
		answered, err := os.ReadFile(filepath.Join("testdata", file))
		Expect(err).NotTo(HaveOccurred())
		Expect(images(ctx, standIn("1.41", answer(http.StatusOK, string(answered))))).To(Equal(want))
	},
		Entry("20.10", "images-20.10.json",
			lister.Image{ID: "sha256:ea9eaa58cd5f50be0fcd3d2a9fc1fd9b0f81ab4a2cd6a4bbd5d1d4ec2fb8d4f1", RepoTags: []string{"localhost:5000/team/app:1", "nginx:latest"}, Created: 1600000000, Size: 133000000},
			lister.Image{ID: "sha256:c0dc2538b9fa50be0fcd3d2a9fc1fd9b0f81ab4a2cd6a4bbd5d1d4ec2fb8d4f2", RepoTags: []string{"<none>:<none>"}, RepoDigests: []string{"<none>@<none>"}, Created: 1590000000, Size: 661000000},
			lister.Image{ID: "sha256:534ebd31f75450be0fcd3d2a9fc1fd9b0f81ab4a2cd6a4bbd5d1d4ec2fb8d4f3", RepoTags: []string{"datadog/agent:7"}, RepoDigests: []string{"datadog/agent@sha256:4668d28e0f9cf607afb73a934a7b4198b77a8d341ec5b1fbc89bc4f7dc853e4e"}, Created: 0, Size: 540000000}),
		Entry("with fields inside fields, which rows do not need", "images-nested.json",
			lister.Image{ID: "sha256:4668d28e0f9cf607afb73a934a7b4198b77a8d341ec5b1fbc89bc4f7dc853e4e", RepoTags: []string{"datadog/agent:7"}, RepoDigests: []string{"datadog/agent@sha256:4668d28e0f9cf607afb73a934a7b4198b77a8d341ec5b1fbc89bc4f7dc853e4e"}, Created: 1600000000, Size: 540000000}),
	)

	DescribeTable("decodes", func(ctx SpecContext, body string, want lister.Image) {
		Expect(images(ctx, standIn("1.41", answer(http.StatusOK, body)))).To(Equal([]lister.Image{want}))
	},
		Entry("null lists", `[{"Id":"a","RepoTags":null,"RepoDigests":null}]`, lister.Image{ID: "a"}),
		Entry("null numbers", `[{"Id":"a","Created":null,"Size":null}]`, lister.Image{ID: "a"}),
		Entry("escapes", `[{"Id":"a","RepoTags":["\u001b\"\ud83d\ude00:1"]}]`, lister.Image{ID: "a", RepoTags: []string{"\x1b\"😀:1"}}),
		Entry("invalid UTF-8, kept for what shows it", "[{\"Id\":\"a\",\"RepoTags\":[\"\xff:1\"]}]", lister.Image{ID: "a", RepoTags: []string{"\xff:1"}}),
		Entry("a name twice: the later", `[{"Id":"a","Id":"b","RepoTags":["x"],"RepoTags":["y"]}]`, lister.Image{ID: "b", RepoTags: []string{"y"}}),
		Entry("numbers of 64 bits", `[{"Id":"a","Created":-62135596800,"Size":9223372036854775807}]`, lister.Image{ID: "a", Created: -62135596800, Size: 9223372036854775807}),
		Entry("white space around it", " \n[ {\"Id\" : \"a\"} ]\n ", lister.Image{ID: "a"}),
	)

	It("of no images is an empty list", func(ctx SpecContext) {
		Expect(images(ctx, standIn("1.41", answer(http.StatusOK, "[]")))).To(BeEmpty())
	})

	It("is left alone once the caller has enough", func(ctx SpecContext) {
		host := standIn("1.41", answer(http.StatusOK, `[{"Id":"a"},{"Id":"b"},broken`))
		client := connect(engine.Options{Host: host}, nil)
		for image, err := range client.Images(ctx) {
			Expect(err).NotTo(HaveOccurred())
			Expect(image.ID).To(Equal("a"))
			break
		}
	})
})

var _ = Describe("the wire", func() {
	It("carries a ping and one request for the list, and nothing that changes the engine", func(ctx SpecContext) {
		var requests []string
		connections := map[string]bool{}
		var lock sync.Mutex
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			lock.Lock()
			defer lock.Unlock()
			requests = append(requests, r.Method+" "+r.URL.String())
			connections[r.RemoteAddr] = true
			w.Header().Set("Api-Version", "1.41")
			_, _ = w.Write([]byte("[]"))
		}))
		DeferCleanup(server.Close)
		Expect(images(ctx, strings.Replace(server.URL, "http", "tcp", 1))).To(BeEmpty())
		Expect(connections).To(HaveLen(1))
		Expect(requests).To(Equal([]string{"GET /_ping", "GET /v1.41/images/json"}))
	})

	DescribeTable("speaks the newest API version that both sides know", func(ctx SpecContext, engineVersion, used string) {
		var path string
		host := standIn(engineVersion, func(w http.ResponseWriter, r *http.Request) {
			path = r.URL.Path
			_, _ = w.Write([]byte("[]"))
		})
		Expect(images(ctx, host)).To(BeEmpty())
		Expect(path).To(Equal("/v" + used + "/images/json"))
	},
		Entry("the oldest", "1.24", "1.24"),
		Entry("engine 20.10's", "1.41", "1.41"),
		Entry("engine 26.1's", "1.45", "1.45"),
		Entry("the newest of this program", "1.51", "1.51"),
		Entry("a newer one", "1.99", "1.51"),
		Entry("none: the oldest", "", "1.24"),
	)

	DescribeTable("refuses an API version that is", func(ctx SpecContext, version, message string) {
		host := standIn(version, answer(http.StatusOK, "[]"))
		_, err := images(ctx, host)
		Expect(err).To(MatchError(fmt.Sprintf("the engine at %s (chosen by --host): %s", host, message)))
	},
		Entry("too old", "1.23", "it is too old: it speaks API 1.23, dkr-ls 1.24 and later; try: upgrading the engine to 1.12 or later"),
		Entry("far too old", "1.0", "it is too old: it speaks API 1.0, dkr-ls 1.24 and later; try: upgrading the engine to 1.12 or later"),
		Entry("not a number", "banana", `"banana" is no API version; try: whether that is a Docker engine`),
		Entry("absurd", "1.99999999999999999999", `"1.99999999999999999999" is no API version; try: whether that is a Docker engine`),
		Entry("hostile", "1.41/../../containers", `"1.41/../../containers" is no API version; try: whether that is a Docker engine`),
	)
})
