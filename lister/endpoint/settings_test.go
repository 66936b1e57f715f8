package endpoint_test

import (
	"fmt"
	"log/slog"
	"net/url"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("an endpoint", func() {
	DescribeTable("refuses a DOCKER_API_VERSION that is invalid", func(set string) {
		_, err := locate(endpoint.Options{}, map[string]string{"DOCKER_API_VERSION": set})
		Expect(err).To(MatchError(fmt.Sprintf("DOCKER_API_VERSION: %q is not an API version; try: one like 1.41, or none", set)))
	},
		Entry("a word", "banana"), Entry("a path", "1.41/../../containers/x"), Entry("a query", "1.41?x=1"), Entry("one number", "1"), Entry("a sign", "1.-41"),
	)

	DescribeTable("refuses invalid headers, without their values", func(variable, message string) {
		_, err := locate(endpoint.Options{}, map[string]string{"DOCKER_CUSTOM_HEADERS": variable})
		Expect(err).To(MatchError("DOCKER_CUSTOM_HEADERS: " + message + "; try: name=value pairs, separated by commas"))
	},
		Entry("no value", "secret", "a header has no name or no value"),
		Entry("no name", " =secret", "a header has no name or no value"),
		Entry("no CSV", `a="secret`, "it is not a line of CSV"),
	)

	It("lets six connections at once go to one host over ssh, whatever its user or path", func() {
		docker := endpoint.Setup("", env(nil), slog.New(slog.DiscardHandler))
		turns := func(host string) chan struct{} {
			GinkgoHelper()
			ep, err := docker.Locate(endpoint.Options{Host: host})
			Expect(err).NotTo(HaveOccurred())
			return ep.Turns
		}
		Expect(turns("ssh://host")).To(HaveCap(6))
		Expect(turns("ssh://host")).To(BeIdenticalTo(turns("ssh://me@host/run/docker.sock")))
		Expect(turns("ssh://host")).NotTo(BeIdenticalTo(turns("ssh://host:2222")))
		Expect(turns("tcp://host:2375")).To(BeNil())
	})

	DescribeTable("chooses a proxy by the variables that it is given", func(host string, variables map[string]string, want string) {
		ep, err := locate(endpoint.Options{Host: host}, variables)
		Expect(err).NotTo(HaveOccurred())
		proxy, err := ep.Proxy(&url.URL{Scheme: "http", Host: "engine:2375"})
		Expect(err).NotTo(HaveOccurred())
		Expect(fmt.Sprint(proxy)).To(Equal(want))
	},
		Entry("none", "tcp://engine:2375", nil, "<nil>"),
		Entry("one", "tcp://engine:2375", map[string]string{"HTTP_PROXY": "http://proxy:3128"}, "http://proxy:3128"),
		Entry("one in small letters", "tcp://engine:2375", map[string]string{"http_proxy": "http://proxy:3128"}, "http://proxy:3128"),
		Entry("one that NO_PROXY forbids", "tcp://engine:2375", map[string]string{"HTTP_PROXY": "http://proxy:3128", "NO_PROXY": "engine"}, "<nil>"),
		Entry("none for ssh", "ssh://engine", map[string]string{"HTTP_PROXY": "http://proxy:3128"}, "<nil>"),
	)
})
