package engine_test

import (
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("containers", func() {
	It("are all that the engine has, running or stopped", func(ctx SpecContext) {
		var asked []string
		host := standIn("1.41", func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.Method+" "+r.URL.String())
			_, _ = w.Write([]byte(`[{"Id":"1","Names":["/db/web","/web"],"Image":"nginx","ImageID":"sha256:aa","State":"exited"},{"Names":null,"Image":"sha256:bb"}]`))
		})
		Expect(connect(endpoint.Options{Host: host}, nil).Containers(ctx)).To(Equal([]lister.Container{
			{Name: "web", Image: "nginx", ImageID: "sha256:aa"}, {Image: "sha256:bb"},
		}))
		Expect(asked).To(Equal([]string{"GET /v1.41/containers/json?all=1"}))
	})

	It("are asked for without another ping after the images", func(ctx SpecContext) {
		var paths []string
		client := connect(endpoint.Options{Host: serve(func(w http.ResponseWriter, r *http.Request) {
			paths = append(paths, r.URL.Path)
			w.Header().Set("Api-Version", "1.41")
			_, _ = w.Write([]byte("[]"))
		})}, nil)
		Expect(collect(client.Images(ctx, lister.Want{}))).To(BeEmpty())
		Expect(client.Containers(ctx)).To(BeEmpty())
		Expect(paths).To(Equal([]string{"/_ping", "/v1.41/images/json", "/v1.41/containers/json"}))
	})

	DescribeTable("that cannot be listed are an error with its remedy", func(ctx SpecContext, status int, body, message string) {
		host := standIn("1.41", answer(status, body))
		containers, err := connect(endpoint.Options{Host: host}, nil).Containers(ctx)
		Expect(err).To(MatchError(ContainSubstring(message)))
		Expect(containers).To(BeNil())
	},
		Entry("forbidden by a proxy", http.StatusForbidden, "<html>", "it answers 403: Forbidden; try: a proxy that allows GET /containers/json as well, such as one with CONTAINERS=1"),
		Entry("no list", http.StatusOK, `{}`, "its answer is broken: it is an object and not a list; try: docker version"),
		Entry("a number in place of a container", http.StatusOK, `[{},5]`, "its answer is broken: container 2 is a number and not an object"),
		Entry("cut off", http.StatusOK, `[{"Image":"a"}`, "its answer ends too early"),
		Entry("an endless name", http.StatusOK, `[{"Image":"`+strings.Repeat("a", 2000)+`"}]`, "container 1 has a name of more than 1024 bytes"),
	)
})
