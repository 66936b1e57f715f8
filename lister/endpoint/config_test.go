package endpoint_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("docker's config file", func() {
	// locate finds the engine by a config file of this text, and returns what was logged too.
	locate := func(config string, variables map[string]string) (endpoint.Endpoint, string, error) {
		GinkgoHelper()
		folder := dockerConfig(config, map[string]string{"prod": "tcp://1.0.0.1:1"})
		var logged strings.Builder
		ep, err := endpoint.Locate(endpoint.Options{Folder: folder}, env(variables), slog.New(slog.NewTextHandler(&logged, nil)))
		return ep, logged.String(), err
	}

	DescribeTable("with a mistake causes a warning, and is read as far as it is valid", func(config, warning string) {
		ep, logged, err := locate(config, nil)
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Name()).To(Equal("tcp://1.0.0.1:1"))
		Expect(logged).To(ContainSubstring(`level=WARN msg="docker's config file has a mistake" file=`))
		Expect(logged).To(ContainSubstring(`err="` + warning))
	},
		Entry("in a password", `{"auths":{"x":{"auth":"not base64!"}},"currentContext":"prod"}`, "illegal base64 data"),
		Entry("in a field before the context", `{"credHelpers":[],"currentContext":"prod"}`, "json: cannot unmarshal array"),
		Entry("in a field after it", `{"currentContext":"prod","credHelpers":"x"}`, "json: cannot unmarshal string"),
		Entry("by a byte order mark", "\xef\xbb\xbf"+`{"currentContext":"prod"}`, "it begins with a byte order mark"),
	)

	DescribeTable("is read without a warning", func(config string) {
		ep, logged, err := locate(config, nil)
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Name()).To(Equal("tcp://1.0.0.1:1"))
		Expect(logged).To(BeEmpty())
	},
		Entry("with an unknown field", `{"currentContext":"prod","whoKnows":1}`),
		Entry("with its fields in other letters", `{"CurrentContext":"prod"}`),
		Entry("with something behind it", `{"currentContext":"prod"} more`),
	)

	DescribeTable("need not name an engine: it is the default one then", func(config string) {
		ep, logged, err := locate(config, nil)
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Source).To(Equal("default"))
		Expect(logged).To(BeEmpty())
	},
		Entry("empty", " "), Entry("null", "null"), Entry("without a context", "{}"),
	)

	DescribeTable("that does not say which engine to use is an error", func(config, message string) {
		_, _, err := locate(config, nil)
		Expect(err).To(MatchError(MatchRegexp(`^docker's config file: \S+config.json: ` + message + `; try: fixing \S+config.json, or naming an engine with --host$`)))
		ep, logged, err := locate(config, map[string]string{"DOCKER_HOST": "tcp://2.0.0.2:1"})
		Expect(err).NotTo(HaveOccurred(), "where something else does")
		Expect(ep.Name()).To(Equal("tcp://2.0.0.2:1"))
		Expect(logged).To(ContainSubstring("docker's config file cannot be read"))
	},
		Entry("not JSON", "{broken", "invalid character 'b' looking for beginning of object key string"),
		Entry("cut", `{"currentContext":"prod"`, "unexpected EOF"),
		Entry("with a context that is a number", `{"currentContext":5}`, "it has no currentContext that is a name"),
		Entry("a list", `[]`, "it has no currentContext that is a name"),
	)

	It("without read permission is an error that does not say to fix it", func() {
		if os.Geteuid() <= 0 {
			Skip("root may read every file, and Windows has no such modes")
		}
		folder := dockerConfig("{}", nil)
		Expect(os.Chmod(filepath.Join(folder, "config.json"), 0)).To(Succeed())
		_, err := endpoint.Locate(endpoint.Options{Folder: folder}, env(nil), testLog())
		Expect(err).To(MatchError(HaveSuffix("permission denied; try: running as the owner of the file, or chmod")))
	})
})
