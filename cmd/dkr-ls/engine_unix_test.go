//go:build unix

package main

import (
	"cmp"
	"encoding/pem"
	"errors"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// byHost is the environment in which DOCKER_HOST chooses the engine.
func byHost(host string) map[string]string {
	return map[string]string{"DOCKER_CONFIG": "/nonexistent", "DOCKER_HOST": host}
}

var _ = Describe("the engine", func() {
	DescribeTable("is the default one for an empty --host, whatever the environment says", func(ctx SpecContext, args ...string) {
		w := choosing(map[string]string{"DOCKER_CONFIG": "/nonexistent", "DOCKER_HOST": "tcp://127.0.0.1:1", "DOCKER_CONTEXT": "prod"})
		w.connect = func(o endpoint.Options, log *slog.Logger) (lister.Engine, error) {
			found, err := endpoint.Setup(o.Folder, func(name string) string { return w.env[name] }, log).Locate(o)
			return nil, cmp.Or(err, errors.New(found.Name()+" by "+found.Source))
		}
		Expect(w.run(ctx, args...)).To(Equal(result{1, "", "Error: unix:///var/run/docker.sock by --host\n"}))
	},
		Entry(nil, "-H", "", "tags"), Entry(nil, "repos", "--host="),
	)

	It("is listed even if another context cannot be read, which is an error", func(ctx SpecContext) {
		up := listing(`[{"Id":"a","RepoTags":["nginx:1"]}]`)
		folder := dockerFolder(map[string]string{"prod": up})
		meta := addContext(folder, "", up)
		Expect(choosing(map[string]string{"DOCKER_CONFIG": folder, "DOCKER_HOST": up}).run(ctx, "repos", "--context", "*")).To(Equal(result{
			1, "CONTEXT             REPOSITORY\ndefault             nginx\nprod                nginx\n",
			"Error: a docker context in " + meta + " cannot be read: it has no name; try: removing that folder, and creating the context anew\n",
		}))
	})

	It("is not blamed for a proxy, which is named without its password", func(ctx SpecContext) {
		env := byHost("tcp://engine.test") // which is reserved, and never resolved here
		env["HTTP_PROXY"] = "http://me:secret@127.0.0.1:1"
		Expect(choosing(env).run(ctx, "repos")).To(Equal(result{1, "", "Error: listing images: the engine at tcp://engine.test:2375 (chosen by DOCKER_HOST): " +
			"the proxy http://127.0.0.1:1 cannot be reached: dial tcp 127.0.0.1:1: connect: connection refused" +
			"; try: NO_PROXY with the engine's host, to go without the proxy, or another HTTP_PROXY or HTTPS_PROXY\n"}))
	})
})

var _ = DescribeTable("TLS fails for an empty", func(ctx SpecContext, name, message string) {
	dir := GinkgoT().TempDir()
	put(certificate(), dir, "ca.pem")
	put(certificate(), dir, "cert.pem")
	put("", dir, name)
	env := byHost("tcp://127.0.0.1:1")
	env["DOCKER_TLS_VERIFY"], env["DOCKER_CERT_PATH"] = "1", dir
	Expect(choosing(env).run(ctx, "tags")).To(Equal(result{1, "", "Error: the engine at tcp://127.0.0.1:1 (chosen by DOCKER_HOST): " + message +
		"; try: valid ca.pem, cert.pem and key.pem files in DOCKER_CERT_PATH or the context\n"}))
},
	Entry(nil, "ca.pem", "ca.pem seems invalid"),
	Entry(nil, "key.pem", "no valid private key found"),
)

// certificate is one that a CA could have.
func certificate() string {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
}

// The run takes place in a folder that looks like docker's, which somebody else has filled.
var _ = Describe("a run in a folder that others have filled", func() {
	const baited = "tcp://127.0.0.1:1"
	var folder string

	BeforeEach(func() {
		folder = GinkgoT().TempDir()
		ca := certificate()
		for _, root := range []string{folder, filepath.Join(folder, ".docker")} {
			addContext(root, "bait", baited)
			put(`{"currentContext":"bait"}`, root, "config.json")
			put(ca, root, "ca.pem")
		}
		Expect(os.Chmod(put("#!/bin/sh\ntouch lured\n", folder, "ssh"), 0o700)).To(Succeed())
	})
	runThere := func(ctx SpecContext, env []string, args ...string) result {
		cmd := dkrlsCmd(ctx, "", args...)
		cmd.Dir, cmd.Env = folder, append([]string{"PATH=.:" + os.Getenv("PATH")}, env...)
		return ended(cmd)
	}
	noContext := func(by string) result {
		return result{1, "", "Error: context bait (" + by + "): there is no such context; try: docker context ls\n"}
	}

	DescribeTable("trusts nothing there", func(ctx SpecContext, env ...string) {
		for _, args := range [][]string{{"tags"}, {"repos", "--context", "*"}} { // the machine's own engine, if it has one
			got := runThere(ctx, env, args...)
			Expect(got.stdout+got.stderr).To(Or(ContainSubstring("REPOSITORY"), ContainSubstring("unix:///var/run/docker.sock")), "%q", args)
			Expect(got.stdout+got.stderr).NotTo(Or(ContainSubstring("bait"), ContainSubstring(baited)), "%q", args)
		}
		Expect(runThere(ctx, env, "tags", "--context", "bait")).To(Equal(noContext("--context")))
		Expect(runThere(ctx, append(env, "DOCKER_CONTEXT=bait"), "tags")).To(Equal(noContext("DOCKER_CONTEXT")))
		Expect(runThere(ctx, env, "__complete", "tags", "--context", "")).To(Equal(result{0, "default\n:4\n", ""}))
		Expect(runThere(ctx, append(env, "DOCKER_TLS_VERIFY=1"), "tags", "--host", baited).stderr).To(
			MatchRegexp(`\AError: TLS material for tcp://127.0.0.1:1: .*; try: .*DOCKER_CERT_PATH.*\n\z`))
		Expect(runThere(ctx, append(env, "PATH=.:/nonexistent"), "--host", "ssh://host", "tags").stderr).To(
			MatchRegexp(`\AError: listing images: the engine at ssh://host .*"ssh".*; try: ssh host docker version\n\z`))
		Expect(filepath.Join(folder, "lured")).NotTo(BeAnExistingFile())
	},
		Entry("without HOME"), Entry("with an empty HOME", "HOME="), Entry("with an empty DOCKER_CONFIG", "DOCKER_CONFIG="),
		Entry("with empty variables", "HOME=", "DOCKER_CONFIG=", "DOCKER_CERT_PATH=", "XDG_RUNTIME_DIR=", "XDG_CONFIG_HOME=", "DOCKER_HOST=", "DOCKER_CONTEXT="),
	)

	// A relative HOME is invalid, and keeps the run from asking the password file.
	DescribeTable("trusts nothing there with HOME=.", func(ctx SpecContext, message string, env []string, args ...string) {
		Expect(runThere(ctx, append(env, "HOME=."), args...).stderr).To(HavePrefix("Error: " + message))
	},
		Entry("for a context", "context bait (--context): there is no home folder to look in; try: HOME, or DOCKER_CONFIG with docker's folder\n",
			nil, "--context", "bait", "tags"),
		Entry("for all contexts", "context default: listing images: the engine at "+baited+" ", []string{"DOCKER_HOST=" + baited}, "--context", "*", "tags"),
		Entry("for TLS", "TLS material for tcp://127.0.0.1:1: there is no home folder to look in; try: DOCKER_CERT_PATH with the folder that has ca.pem, cert.pem and key.pem\n",
			[]string{"DOCKER_HOST=" + baited, "DOCKER_TLS_VERIFY=1"}, "tags"),
	)

	It("reads the folder that DOCKER_CONFIG names, even a relative one", func(ctx SpecContext) {
		Expect(runThere(ctx, []string{"DOCKER_CONFIG=.docker"}, "tags").stderr).To(
			ContainSubstring(baited + " (chosen by context bait (currentContext in .docker/config.json)): "))
	})
})
