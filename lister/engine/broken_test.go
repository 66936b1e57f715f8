package engine_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("a broken answer", func() {
	// What to try where something other than an engine may have answered.
	const at = "; try: docker version with the same address, to see if a Docker engine answers"
	const log = "; try: the engine's log"

	DescribeTable("to the list is an error", func(ctx SpecContext, status int, body, message string) {
		host := standIn("1.41", answer(status, body))
		all, err := images(ctx, host)
		Expect(err).To(MatchError(fmt.Sprintf("the engine at %s (chosen by --host): %s", host, message)))
		Expect(all).To(BeNil())
	},
		Entry("empty", 200, "", "its answer ends too early"+at),
		Entry("cut in the list", 200, `[{"Id":"a"}`, "its answer ends too early"+at),
		Entry("cut in a text", 200, `[{"Id":"a`, "its answer ends too early"+at),
		Entry("null", 200, "null", "its answer is broken: it is null and not a list"+at),
		Entry("an object", 200, "{}", "its answer is broken: it is an object and not a list"+at),
		Entry("a list of null", 200, "[null]", "its answer is broken: image 1 has no Id"+at),
		Entry("a list of lists", 200, `[{"Id":"a"},[]]`, "its answer is broken: image 2 is a list and not an object"+at),
		Entry("an image without an ID", 200, "[{}]", "its answer is broken: image 1 has no Id"+at),
		Entry("bytes after the list", 200, "[] []", "its answer is broken: there is more after the list"+at),
		Entry("garbage after the list", 200, "[]x", `its answer is broken: it is not JSON from byte 2 on, "x"`+at),
		Entry("HTML", 200, "<html>", `its answer is broken: it is not JSON from byte 0 on, "<html>"`+at),
		Entry("garbage between images", 200, `[{"Id":"a"} x]`, `its answer is broken: it is not JSON from byte 12 on, "x]"`+at),
		Entry("a wrong type of ID", 200, `[{"Id":1}]`, "its answer is broken: image 1: Id is a number and not a string"+at),
		Entry("a wrong type of tags", 200, `[{"Id":"a","RepoTags":"a:1"}]`, "its answer is broken: image 1: RepoTags is a string and not a list of strings"+at),
		Entry("a wrong type of tag", 200, `[{"Id":"a","RepoTags":[true]}]`, "its answer is broken: image 1: RepoTags is a boolean and not a string"+at),
		Entry("a wrong type of size", 200, `[{"Id":"a","Size":"1"}]`, "its answer is broken: image 1: Size is a string and not a whole number of 64 bits"+at),
		Entry("a size past 64 bits", 200, `[{"Id":"a","Size":9223372036854775808}]`, "its answer is broken: image 1: Size is a number and not a whole number of 64 bits"+at),
		Entry("no list at all", 204, "", "it answers 204: No Content"+at),
		Entry("a redirect, which the docker client takes for an empty list", 302, "[]", "it answers 302: []; try: the address of the engine itself"),
		Entry("not found", 404, `{"message":"page not found"}`, "it answers 404: page not found; try: the address of the engine itself, without a path"),
		Entry("forbidden by a proxy", 403, "<html>Forbidden</html>", "it answers 403: Forbidden; try: a proxy that allows GET /_ping and GET /images/json"),
		Entry("an internal error", 500, `{"message":"layer does not exist\n"}`, "it answers 500: layer does not exist"+log),
		Entry("an error that is not JSON", 503, "no healthy upstream", "it answers 503: no healthy upstream"+log),
		Entry("an engine that is too new", 400, `{"message":"client version 1.51 is too old. Minimum supported API version is 1.60, please upgrade your client to a newer version"}`,
			"it answers 400: client version 1.51 is too old. Minimum supported API version is 1.60, please upgrade your client to a newer version; try: a newer dkr-ls: the engine is too new for this one"),
		Entry("a missing key", 401, `{"message":"who are you"}`, "it answers 401: who are you; try: credentials in HttpHeaders of docker's config file, or in DOCKER_CUSTOM_HEADERS"),
		Entry("a proxy's demand", 407, "", "it answers 407: Proxy Authentication Required; try: HTTP_PROXY or HTTPS_PROXY with a name and a password, or NO_PROXY with the engine's host"),
		Entry("an error of 10 MB", 500, strings.Repeat("x", 10<<20), "it answers 500: "+strings.Repeat("x", 500)+"…"+log),
	)

	It("of any status has something to try", func(ctx SpecContext) {
		status := 0
		host := standIn("1.41", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		for status = 201; status < 600; status++ {
			_, err := images(ctx, host)
			Expect(err).To(MatchError(MatchRegexp(`: it answers %d(: [^;]+)?; try: \w`, status)))
		}
	})

	It("to an API version that the environment sets names that variable", func(ctx SpecContext) {
		host := standIn("1.41", answer(400, `{"message":"client version 1.10 is too old. Minimum supported API version is 1.24"}`))
		_, err := list(ctx, endpoint.Options{Host: host}, map[string]string{"DOCKER_API_VERSION": "1.10"})
		Expect(err).To(MatchError("the engine at " + host + " (chosen by --host): it answers 400: client version 1.10 is too old. " +
			"Minimum supported API version is 1.24; try: again without DOCKER_API_VERSION"))
	})

	It("to a client without a certificate names the files that it takes", func(ctx SpecContext) {
		server := httptest.NewUnstartedServer(nil)
		server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
		server.StartTLS()
		DeferCleanup(server.Close)
		host := strings.Replace(server.URL, "https", "tcp", 1)
		_, err := list(ctx, endpoint.Options{Host: host}, map[string]string{"DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": writeCA(server)})
		Expect(err).To(MatchError("the engine at " + host + " (chosen by --host): it refuses this client: remote error: tls: certificate required; " +
			"try: a cert.pem and key.pem that it accepts, in DOCKER_CERT_PATH or the context"))
	})
})
