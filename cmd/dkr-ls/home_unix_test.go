//go:build unix

package main

import (
	"encoding/pem"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	"github.com/opencontainers/go-digest"
)

// writeCA writes the certificate of a server to a file, as the CA that docker's client trusts.
func writeCA(path string, server *httptest.Server) {
	GinkgoHelper()
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	Expect(os.WriteFile(path, text, 0o600)).To(Succeed())
}

// The program runs in a folder that looks like docker's, which it must not trust.
var _ = Describe("a run without HOME", func() {
	var work string

	BeforeEach(func() {
		work = GinkgoT().TempDir()
		meta := `{"Name":"bait","Endpoints":{"docker":{"Host":"tcp://127.0.0.1:1"}}}`
		for _, folder := range []string{"", ".docker"} {
			path := filepath.Join(work, folder, "contexts", "meta", digest.FromString("bait").Encoded(), "meta.json")
			Expect(os.MkdirAll(filepath.Dir(path), 0o700)).To(Succeed())
			Expect(os.WriteFile(path, []byte(meta), 0o600)).To(Succeed())
			Expect(os.WriteFile(filepath.Join(work, folder, "config.json"), []byte(`{"currentContext":"bait"}`), 0o600)).To(Succeed())
			server := httptest.NewTLSServer(nil)
			DeferCleanup(server.Close)
			writeCA(filepath.Join(work, folder, "ca.pem"), server)
		}
	})

	inWork := func(ctx SpecContext, args, env []string) *gexec.Session {
		GinkgoHelper()
		cmd := exec.CommandContext(ctx, binary(), args...)
		cmd.Dir, cmd.Env = work, append(env, "PATH="+os.Getenv("PATH"))
		session := start(cmd)
		Eventually(session).WithContext(ctx).WithTimeout(deadline).Should(gexec.Exit(1))
		return session
	}

	// A relative HOME is none: there is no password file to ask then, as HOME is set.
	DescribeTable("trusts nothing in the working folder", func(ctx SpecContext, message string, args, env []string) {
		Expect(string(inWork(ctx, args, env).Err.Contents())).To(HavePrefix("Error: " + message))
	},
		Entry("for a context", "context bait (--context): there is no such context; try: docker context ls\n", []string{"--context", "bait", "tags"}, []string{}),
		Entry("for a context, with a relative one", "context bait (--context): there is no home folder to look in; try: HOME, or DOCKER_CONFIG with docker's folder\n",
			[]string{"--context", "bait", "tags"}, []string{"HOME=."}),
		Entry("for all contexts", "context default: listing images: the engine at tcp://127.0.0.1:1 ", []string{"--context", "*", "tags"}, []string{"HOME=.", "DOCKER_HOST=tcp://127.0.0.1:1"}),
		Entry("for TLS", "TLS material for tcp://127.0.0.1:1: there is no home folder to look in; try: DOCKER_CERT_PATH with the folder that has ca.pem, cert.pem and key.pem\n",
			[]string{"tags"}, []string{"HOME=.", "DOCKER_HOST=tcp://127.0.0.1:1", "DOCKER_TLS_VERIFY=1"}),
	)

	It("completes no context of the working folder", func(ctx SpecContext) {
		cmd := exec.CommandContext(ctx, binary(), "__complete", "tags", "--context", "")
		cmd.Dir, cmd.Env = work, []string{"HOME=."}
		Expect(cmd.Output()).To(BeEquivalentTo("default\n:4\n"))
	})

	It("reads the folder that DOCKER_CONFIG names, even a relative one", func(ctx SpecContext) {
		session := inWork(ctx, []string{"tags"}, []string{"DOCKER_CONFIG=.docker"})
		Expect(string(session.Err.Contents())).To(ContainSubstring("tcp://127.0.0.1:1 (chosen by context bait (currentContext in .docker/config.json)): "))
	})
})
