package engine_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/opencontainers/go-digest"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// unreported returns an image of which the engine reports neither containers nor shared size.
func unreported(image lister.Image) lister.Image {
	image.Containers, image.SharedSize = -1, -1
	return image
}

var _ = Describe("an engine's answer", func() {
	DescribeTable("in the form that engines send", func(ctx SpecContext, file string, want ...lister.Image) {
		answered, err := os.ReadFile(filepath.Join("testdata", file))
		Expect(err).NotTo(HaveOccurred())
		Expect(images(ctx, standIn("1.41", answer(http.StatusOK, string(answered))))).To(Equal(want))
	},
		Entry("20.10", "images-20.10.json",
			unreported(lister.Image{ID: "sha256:ea9eaa58cd5f50be0fcd3d2a9fc1fd9b0f81ab4a2cd6a4bbd5d1d4ec2fb8d4f1", RepoTags: []string{"localhost:5000/team/app:1", "nginx:latest"}, Created: 1600000000, Size: 133000000}),
			unreported(lister.Image{ID: "sha256:c0dc2538b9fa50be0fcd3d2a9fc1fd9b0f81ab4a2cd6a4bbd5d1d4ec2fb8d4f2", RepoTags: []string{"<none>:<none>"}, RepoDigests: []string{"<none>@<none>"}, Created: 1590000000, Size: 661000000}),
			unreported(lister.Image{ID: "sha256:534ebd31f75450be0fcd3d2a9fc1fd9b0f81ab4a2cd6a4bbd5d1d4ec2fb8d4f3", RepoTags: []string{"datadog/agent:7"}, RepoDigests: []string{"datadog/agent@sha256:4668d28e0f9cf607afb73a934a7b4198b77a8d341ec5b1fbc89bc4f7dc853e4e"}, Created: 0, Size: 540000000})),
	)

	DescribeTable("is believed on how many containers use an image if it is Docker's, whichever version is asked", func(ctx SpecContext, server, body string, containers int64) {
		host := standIn("1.51", answer(http.StatusOK, body), "Server", server)
		for _, version := range []string{"", "1.51"} {
			Expect(list(ctx, endpoint.Options{Host: host}, map[string]string{"DOCKER_API_VERSION": version})).To(
				Equal([]lister.Image{{ID: "a", Containers: containers, SharedSize: -1}}), version)
		}
	},
		Entry("Docker", "Docker/29.1.0 (linux)", `[{"Id":"a","Containers":2}]`, int64(2)),
		Entry("Docker, which does not say", "Docker/26.1.5 (linux)", `[{"Id":"a","Containers":-1}]`, int64(-1)),
		Entry("Docker, which leaves it out", "Docker/29.1.0 (linux)", `[{"Id":"a","Containers":null}]`, int64(-1)),
		Entry("Podman, which misses those of a name that has moved", "Libpod/5.4.2 (linux)", `[{"Id":"a","Containers":0}]`, int64(-1)),
		Entry("another one", "", `[{"Id":"a","Containers":0}]`, int64(-1)),
	)
})

var _ = Describe("the wire", func() {
	It("carries a ping and one request for the list, and nothing that changes the engine", func(ctx SpecContext) {
		var requests []string
		connections := map[string]bool{}
		var lock sync.Mutex
		host := serve(func(w http.ResponseWriter, r *http.Request) {
			lock.Lock()
			defer lock.Unlock()
			requests = append(requests, r.Method+" "+r.URL.String())
			connections[r.RemoteAddr] = true
			w.Header().Set("Api-Version", "1.41")
			_, _ = w.Write([]byte("[]"))
		})
		Expect(images(ctx, host)).To(BeEmpty())
		Expect(connections).To(HaveLen(1))
		Expect(requests).To(Equal([]string{"GET /_ping", "GET /v1.41/images/json"}))
	})

	It("carries the request for the list once, even if the connection breaks", func(ctx SpecContext) {
		var lists atomic.Int32
		host := standIn("1.41", func(http.ResponseWriter, *http.Request) {
			lists.Add(1)
			panic(http.ErrAbortHandler)
		})
		_, err := images(ctx, host)
		Expect(err).To(MatchError(ContainSubstring(": it ended the connection without an answer; try: ")))
		Expect(lists.Load()).To(BeEquivalentTo(1))
	})

	DescribeTable("reaches an engine by a context's http or https address", func(ctx SpecContext, start func(*httptest.Server)) {
		var hosts []string
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			hosts = append(hosts, r.Host)
			_, _ = w.Write([]byte("[]"))
		}))
		start(server)
		DeferCleanup(server.Close)
		folder := GinkgoT().TempDir()
		meta := filepath.Join(folder, "contexts", "meta", digest.FromString("web").Encoded())
		Expect(os.MkdirAll(meta, 0o700)).To(Succeed())
		context := fmt.Sprintf(`{"Name":"web","Endpoints":{"docker":{"Host":%q,"SkipTLSVerify":%t}}}`, server.URL, server.TLS != nil)
		Expect(os.WriteFile(filepath.Join(meta, "meta.json"), []byte(context), 0o600)).To(Succeed())
		Expect(list(ctx, endpoint.Options{Folder: folder, Context: "web"}, nil)).To(BeEmpty())
		address := server.Listener.Addr().String()
		Expect(hosts).To(Equal([]string{address, address}))
	},
		Entry("http", (*httptest.Server).Start),
		Entry("https", (*httptest.Server).StartTLS),
	)

	DescribeTable("speaks the newest API version that both sides may know", func(ctx SpecContext, engineVersion, used string) {
		var path string
		host := standIn(engineVersion, func(w http.ResponseWriter, r *http.Request) {
			path = r.URL.Path
			_, _ = w.Write([]byte("[]"))
		})
		Expect(images(ctx, host)).To(BeEmpty())
		Expect(path).To(Equal(used + "/images/json"))
	},
		Entry("an older one than docker's", "1.23", "/v1.23"),
		Entry("engine 20.10's", "1.41", "/v1.41"),
		Entry("a newer one", "1.99", "/v1.51"),
		Entry("one past all numbers", "1.99999999999999999999", "/v1.51"),
		Entry("one with a letter before it", "v1.43", "/v1.43"),
		Entry("one with a patch", "1.43.0", "/v1.43"),
		Entry("none: the engine's own", "", ""),
		Entry("one that is invalid", "banana", ""),
		Entry("a hostile one", "1.41/../../containers", ""),
	)

	DescribeTable("goes on where the ping fails", func(ctx SpecContext, status int, version, used string) {
		var path string
		host := serve(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/_ping" {
				path = r.URL.Path
				_, _ = w.Write([]byte("[]"))
				return
			}
			if version != "" {
				w.Header().Set("Api-Version", version)
			}
			w.WriteHeader(status)
		})
		Expect(images(ctx, host)).To(BeEmpty())
		Expect(path).To(Equal(used + "/images/json"))
	},
		Entry("by an engine that is unwell", 500, "1.41", "/v1.41"),
		Entry("behind a proxy that forbids it", 403, "1.41", "/v1.41"),
		Entry("by one that does not know it", 404, "1.41", "/v1.41"),
		Entry("and reports no version", 403, "", ""),
	)

	DescribeTable("speaks the API version of DOCKER_API_VERSION, and sends no ping", func(ctx SpecContext, set, used string) {
		var paths []string
		host := serve(func(w http.ResponseWriter, r *http.Request) {
			paths = append(paths, r.URL.Path)
			_, _ = w.Write([]byte("[]"))
		})
		Expect(list(ctx, endpoint.Options{Host: host}, map[string]string{"DOCKER_API_VERSION": set})).To(BeEmpty())
		Expect(paths).To(Equal([]string{used + "/images/json"}))
	},
		Entry(nil, "1.41", "/v1.41"), Entry(nil, "v1.41", "/v1.41"), Entry(nil, "1.99", "/v1.99"),
	)

	DescribeTable("carries headers as docker sends them", func(ctx SpecContext, config, variable string, want map[string]string) {
		var got http.Header
		host := standIn("1.41", func(w http.ResponseWriter, r *http.Request) {
			got = r.Header
			_, _ = w.Write([]byte("[]"))
		})
		folder := GinkgoT().TempDir()
		Expect(os.WriteFile(filepath.Join(folder, "config.json"), []byte(config), 0o600)).To(Succeed())
		options := endpoint.Options{Host: host, Folder: folder, UserAgent: "dkr-ls/1.2.3"}
		Expect(list(ctx, options, map[string]string{"DOCKER_CUSTOM_HEADERS": variable})).To(BeEmpty())
		Expect(got.Get("User-Agent")).To(Equal("dkr-ls/1.2.3"))
		Expect(got.Get("Accept-Encoding")).To(Equal("identity"), "or a few bytes could become many here")
		for name, value := range want {
			Expect(got.Get(name)).To(Equal(value), name)
		}
	},
		Entry("of the config file", `{"HttpHeaders":{"X-A":"1","User-Agent":"other"}}`, "", map[string]string{"X-A": "1"}),
		Entry("of DOCKER_CUSTOM_HEADERS, in place of the config file's", `{"HttpHeaders":{"X-A":"1"}}`,
			`one=one-value,"two=two,value","three= spaces ",four=five=six,one=again`,
			map[string]string{"X-A": "", "One": "again", "Two": "two,value", "Four": "five=six"}),
	)
})
