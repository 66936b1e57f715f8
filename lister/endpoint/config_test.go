package endpoint_test

import (
	"log/slog"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/types"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("docker's config file", func() {
	// read finds the engine by a config file of this text, and returns what was logged too.
	read := func(config string, variables map[string]string) (endpoint.Endpoint, string, error) {
		GinkgoHelper()
		folder := dockerConfig(config, map[string]string{"prod": "tcp://1.0.0.1:1"})
		var logged strings.Builder
		ep, err := endpoint.Setup(folder, env(variables), slog.New(slog.NewTextHandler(&logged, nil))).Locate(endpoint.Options{})
		return ep, logged.String(), err
	}

	DescribeTable("names an engine by its context", func(config string, log types.GomegaMatcher) {
		ep, logged, err := read(config, nil)
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Name()).To(Equal("tcp://1.0.0.1:1"))
		Expect(logged).To(log)
	},
		Entry("with its fields in other letters", `{"CurrentContext":"prod"}`, BeEmpty()),
		Entry("with something behind it", `{"currentContext":"prod"} more`, BeEmpty()),
		Entry("with mistakes in fields that only docker reads", `{"credHelpers":[],"auths":{"x":{"auth":"not base64!"}},"currentContext":"prod"}`, BeEmpty()),
		Entry("with headers that are invalid, which is a warning", `{"HttpHeaders":[],"currentContext":"prod"}`, ContainSubstring(`level=WARN msg="docker's config file cannot be read"`)),
	)

	DescribeTable("need not name an engine: it is the default one then", func(config string) {
		ep, logged, err := read(config, nil)
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Source).To(Equal("default"))
		Expect(logged).To(BeEmpty())
	},
		Entry("empty", " "), Entry("null", "null"), Entry("without a context", "{}"),
	)

	DescribeTable("that does not say which engine to use is an error", func(config, message string) {
		_, _, err := read(config, nil)
		Expect(err).To(MatchError(MatchRegexp(`^docker's config file: \S+config.json: ` + message + `; try: fixing \S+config.json, or naming an engine with --host$`)))
		ep, logged, err := read(config, map[string]string{"DOCKER_HOST": "tcp://2.0.0.2:1"})
		Expect(err).NotTo(HaveOccurred(), "where something else does")
		Expect(ep.Name()).To(Equal("tcp://2.0.0.2:1"))
		Expect(logged).To(ContainSubstring("docker's config file cannot be read"))
	},
		Entry("with a byte order mark", "\xef\xbb\xbf{}", "invalid character 'ï' looking for beginning of value"),
		Entry("not JSON", "{broken", "invalid character 'b' looking for beginning of object key string"),
		Entry("cut", `{"currentContext":"prod"`, "unexpected EOF"),
		Entry("with a context that is a number", `{"currentContext":5}`, "currentContext is not a name, or HttpHeaders are not texts by name"),
	)

	It("without read permission is an error that does not say to fix it", func() {
		folder := dockerConfig("{}", nil)
		lock(filepath.Join(folder, "config.json"))
		_, err := locate(endpoint.Options{Folder: folder}, nil)
		Expect(err).To(MatchError(HaveSuffix("permission denied; try: running as the owner of the file, or chmod")))
	})
})
