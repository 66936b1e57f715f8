//go:build unix

package main

import (
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	"github.com/opencontainers/go-digest"
)

// These specs run the program in a folder that somebody else has filled, without a home folder to look
// into instead: what docker keeps in its own folder is planted there.
var _ = Describe("a working folder that others have filled", func() {
	var folder string
	var lured *httptest.Server // whoever asks it has been lured

	plant := func(text string, path ...string) {
		GinkgoHelper()
		for _, root := range []string{folder, filepath.Join(folder, ".docker")} {
			file := filepath.Join(append([]string{root}, path...)...)
			Expect(os.MkdirAll(filepath.Dir(file), 0o700)).To(Succeed())
			Expect(os.WriteFile(file, []byte(text), 0o700)).To(Succeed())
		}
	}
	plantContext := func(name, host string) {
		GinkgoHelper()
		plant(fmt.Sprintf(`{"Name":%q,"Endpoints":{"docker":{"Host":%q}}}`, name, host),
			"contexts", "meta", digest.FromString(name).Encoded(), "meta.json")
	}

	BeforeEach(func() {
		folder = GinkgoT().TempDir()
		lured = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`[{"Id":"sha256:5ca1ab1e","RepoTags":["lured:1"]}]`))
		}))
		DeferCleanup(func() { lured.Close() })
	})

	// ended carries out the program there, in an environment of its own.
	ended := func(ctx SpecContext, env []string, args ...string) result {
		GinkgoHelper()
		cmd := dkrlsProcess(ctx, "", args...)
		cmd.Dir, cmd.Env = folder, append([]string{"PATH=" + os.Getenv("PATH")}, env...)
		session := start(cmd)
		Eventually(session).WithContext(ctx).WithTimeout(deadline).Should(gexec.Exit())
		return result{session.ExitCode(), string(session.Out.Contents()), string(session.Err.Contents())}
	}

	for name, env := range map[string][]string{
		"without HOME":                 {},
		"with an empty HOME":           {"HOME="},
		"with an empty DOCKER_CONFIG":  {"DOCKER_CONFIG="},
		"with nothing but empty names": {"HOME=", "DOCKER_CONFIG=", "DOCKER_CERT_PATH=", "XDG_RUNTIME_DIR=", "XDG_CONFIG_HOME=", "DOCKER_HOST=", "DOCKER_CONTEXT="},
	} {
		It("lends no engine "+name, func(ctx SpecContext) {
			lured.Start()
			plantContext("prod", strings.Replace(lured.URL, "http", "tcp", 1))
			plant(`{"currentContext":"prod"}`, "config.json")
			for _, args := range [][]string{{"tags"}, {"repos", "--context", "*"}} { // of the machine's own engine, if it has one
				got := ended(ctx, env, args...)
				Expect(got.stdout+got.stderr).To(Or(ContainSubstring("REPOSITORY"), ContainSubstring("unix:///var/run/docker.sock")), "%q", args)
				Expect(got.stdout+got.stderr).NotTo(Or(ContainSubstring("lured"), ContainSubstring(lured.Listener.Addr().String())), "%q", args)
			}
			Expect(ended(ctx, env, "tags", "--context", "prod")).To(Equal(noContext("--context")))
			Expect(ended(ctx, append(env[:len(env):len(env)], "DOCKER_CONTEXT=prod"), "tags")).To(Equal(noContext("DOCKER_CONTEXT")))
			Expect(ended(ctx, env, "__complete", "tags", "--context", "").stdout).To(Equal("default\n:4\n"))
		})

		It("lends no ssh and no host for it "+name, func(ctx SpecContext) {
			plant("#!/bin/sh\ntouch lured\n", "ssh")
			plantContext("prod", "ssh://host")
			plant(`{"currentContext":"prod"}`, "config.json")
			path := append(env[:len(env):len(env)], "PATH=.:/nonexistent")
			Expect(ended(ctx, path, "--context", "prod", "tags")).To(Equal(noContext("--context")))
			got := ended(ctx, path, "--host", "ssh://host", "tags")
			Expect(got.stderr).To(MatchRegexp(`\AError: listing images: the engine at ssh://host .*"ssh".*; try: ssh host docker version\n\z`))
			Expect(filepath.Join(folder, "lured")).NotTo(BeAnExistingFile())
		})

		It("lends no CA "+name, func(ctx SpecContext) {
			lured.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
			lured.StartTLS()
			plant(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: lured.Certificate().Raw})), "ca.pem")
			got := ended(ctx, append([]string{"DOCKER_TLS_VERIFY=1"}, env...), "tags", "--host", strings.Replace(lured.URL, "https", "tcp", 1))
			Expect(got.status).To(Equal(1))
			Expect(got.stdout).To(BeEmpty())
			Expect(got.stderr).To(MatchRegexp(`\AError: TLS material for tcp://127.0.0.1:\d+: .*; try: .*DOCKER_CERT_PATH.*\n\z`))
		})
	}

	It("lends what is named", func(ctx SpecContext) {
		lured.Start()
		plantContext("prod", strings.Replace(lured.URL, "http", "tcp", 1))
		got := ended(ctx, []string{"DOCKER_CONFIG=."}, "repos", "--context", "prod")
		Expect(got).To(Equal(result{0, "REPOSITORY\nlured\n", ""}))
	})
})

// noContext is a run that finds no context prod, by what chose it.
func noContext(by string) result {
	return result{1, "", "Error: context prod (" + by + "): there is no such context; try: docker context ls\n"}
}
