package endpoint_test

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/docker/cli/cli/context"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/opencontainers/go-digest"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("docker's contexts", func() {
	const anew = "; try: removing that folder, and creating the context anew"

	DescribeTable("are the valid ones, and an error where one is broken", func(text, message string) {
		folder := dockerConfig("", map[string]string{"prod": "tcp://1.0.0.1:1", "broken": "", "also": "tcp://1.0.0.2:1"})
		file := metaFile(folder, "broken")
		Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
		names, errs := endpoint.Contexts(folder, env(nil))
		Expect(names).To(Equal([]string{"default", "also", "prod"}))
		Expect(errs).To(HaveExactElements(MatchError("a docker context in " + filepath.Dir(file) + " cannot be read: " + strings.ReplaceAll(message, "FILE", file) + anew)))
	},
		Entry("by a file that was cut", `{"Name":"bro`, "parsing FILE: unexpected end of JSON input"),
		Entry("by a missing name", `{"Endpoints":{"docker":{"Host":"tcp://1.0.0.1:1"}}}`, "it has no name"),
	)

	It("are the readable ones, and an error that does not say to remove the other", func() {
		folder := dockerConfig("", map[string]string{"prod": "tcp://1.0.0.1:1", "closed": "tcp://1.0.0.2:1"})
		lock(metaFile(folder, "closed"))
		names, errs := endpoint.Contexts(folder, env(nil))
		Expect(names).To(Equal([]string{"default", "prod"}))
		Expect(errs).To(HaveExactElements(MatchError(HaveSuffix("permission denied; try: running as the owner of the file, or chmod"))))
	})

	It("are not the files beside them, as for docker", func() {
		folder := dockerConfig("", map[string]string{"prod": "tcp://1.0.0.1:1"})
		meta := filepath.Join(folder, "contexts", "meta")
		Expect(os.WriteFile(filepath.Join(meta, ".DS_Store"), nil, 0o600)).To(Succeed())
		Expect(os.Mkdir(filepath.Join(meta, "empty"), 0o700)).To(Succeed())
		names, errs := endpoint.Contexts("", env(map[string]string{"DOCKER_CONFIG": folder}))
		Expect(names).To(Equal([]string{"default", "prod"}))
		Expect(errs).To(BeEmpty())
	})

	It("are only the default one where there are no others", func() {
		names, errs := endpoint.Contexts(GinkgoT().TempDir(), env(nil))
		Expect(names).To(Equal([]string{"default"}))
		Expect(errs).To(BeEmpty())
	})

	DescribeTable("have any name that docker takes", func(name string) {
		folder := dockerConfig("", map[string]string{name: "tcp://1.0.0.1:1"})
		ep, err := locate(endpoint.Options{Context: name, Folder: folder}, nil)
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.Name()).To(Equal("tcp://1.0.0.1:1"))
	},
		Entry(nil, "my engine"), Entry(nil, "../prod"),
	)

	DescribeTable("that are broken are an error with something to try that fixes it", func(text, message string) {
		folder := dockerConfig("", map[string]string{"prod": ""})
		file := metaFile(folder, "prod")
		Expect(os.WriteFile(file, []byte(text), 0o600)).To(Succeed())
		_, err := locate(endpoint.Options{Context: "prod", Folder: folder}, nil)
		Expect(err).To(MatchError("context prod (--context): " + strings.ReplaceAll(message, "FILE", file) + "; try: removing it with docker context rm, and creating it anew"))
	},
		Entry("without an endpoint for docker", `{"Name":"prod"}`, "cannot find docker endpoint in context"),
		Entry("by an empty file", "", "parsing FILE: unexpected end of JSON input"),
	)

	It("have the TLS files that docker knows, beside which there may be others", func() {
		folder := dockerConfig("", map[string]string{"prod": "tcp://1.0.0.1:1"})
		files := filepath.Join(folder, "contexts", "tls", digest.FromString("prod").Encoded(), "docker")
		Expect(os.MkdirAll(files, 0o700)).To(Succeed())
		for _, name := range []string{"ca.pem", "notes.txt"} {
			Expect(os.WriteFile(filepath.Join(files, name), []byte(name), 0o600)).To(Succeed())
		}
		Expect(os.Mkdir(filepath.Join(files, "old"), 0o700)).To(Succeed())
		ep, err := locate(endpoint.Options{Context: "prod", Folder: folder}, nil)
		Expect(err).NotTo(HaveOccurred())
		Expect(ep.TLSData).To(HaveValue(Equal(context.TLSData{CA: []byte("ca.pem")})))
	})
})
