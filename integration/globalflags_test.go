package integration_test

import (
	"encoding/json"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	"github.com/opencontainers/go-digest"
)

// dockerContext is a docker context: an engine's address and, for TLS, the folder of its
// certificates.
type dockerContext struct{ Host, Certificates string }

// dockerConfig makes a folder with docker's config file and contexts by name, as docker writes
// them.
func dockerConfig(config string, contexts map[string]dockerContext) string {
	GinkgoHelper()
	dir := GinkgoT().TempDir()
	write := func(content []byte, path ...string) {
		file := filepath.Join(append([]string{dir}, path...)...)
		Expect(os.MkdirAll(filepath.Dir(file), 0o700)).To(Succeed())
		Expect(os.WriteFile(file, content, 0o600)).To(Succeed())
	}
	write([]byte(config), "config.json")
	for name, c := range contexts {
		id := digest.FromString(name).Encoded()
		meta, err := json.Marshal(map[string]any{
			"Name": name, "Metadata": struct{}{},
			"Endpoints": map[string]any{"docker": map[string]any{"Host": c.Host, "SkipTLSVerify": false}},
		})
		Expect(err).NotTo(HaveOccurred())
		write(meta, "contexts", "meta", id, "meta.json")
		if c.Certificates != "" {
			Expect(os.CopyFS(filepath.Join(dir, "contexts", "tls", id, "docker"), os.DirFS(c.Certificates))).To(Succeed())
		}
	}
	return dir
}

var _ = Describe("--host ADDRESS", func() {
	// unixSocket is the address of one where the shared engine answers.
	unixSocket := func(ctx SpecContext) string {
		GinkgoHelper()
		path := filepath.Join(GinkgoT().TempDir(), "docker.sock")
		listener, err := new(net.ListenConfig).Listen(ctx, "unix", path)
		Expect(err).NotTo(HaveOccurred())
		serve(passOn(), func(server *httptest.Server) {
			Expect(server.Listener.Close()).To(Succeed())
			server.Listener = listener
		})
		return "unix://" + path
	}

	DescribeTable("lists the engine at ADDRESS, whatever DOCKER_HOST says, which does as well", func(ctx SpecContext, address func(SpecContext) string) {
		chosen := address(ctx)
		By("DOCKER_HOST")
		expectExample(ctx, run(ctx, on(chosen), "tags"))
		By("--host, whatever DOCKER_HOST names")
		expectExample(ctx, run(ctx, on(nobody), "--host", chosen, "tags"))
		By("-H, after the command")
		expectExample(ctx, run(ctx, nil, "tags", "-H", chosen))
	},
		Entry("of TCP", func(SpecContext) string { return suite.Brief.Host() }),
		Entry("of a Unix socket", unixSocket),
	)

	It("needs no TLS material for a Unix socket, even where TLS is asked for", func(ctx SpecContext) {
		expectExample(ctx, run(ctx, map[string]string{"DOCKER_HOST": unixSocket(ctx), "DOCKER_TLS_VERIFY": "1"}, "tags"))
	})
})

var _ = Describe("--context NAME", func() {
	// config has the contexts real, which is the shared engine, and wrong, where no engine answers.
	config := func(current string) string {
		GinkgoHelper()
		file, err := json.Marshal(map[string]string{"currentContext": current})
		Expect(err).NotTo(HaveOccurred())
		return dockerConfig(string(file), map[string]dockerContext{"real": {Host: suite.Brief.Host()}, "wrong": {Host: nobody}})
	}

	DescribeTable("lists the engine of the context NAME, which others may name as well", func(ctx SpecContext, current string, variables map[string]string, flags ...string) {
		all := map[string]string{"DOCKER_CONFIG": config(current)}
		for name, value := range variables {
			all[name] = value
		}
		expectExample(ctx, run(ctx, all, append(flags, "tags")...))
	},
		Entry("the flag, whatever the environment and the config file name", "wrong", map[string]string{"DOCKER_CONTEXT": "wrong", "DOCKER_HOST": nobody}, "--context", "real"),
		Entry("DOCKER_CONTEXT, whatever the config file names", "wrong", map[string]string{"DOCKER_CONTEXT": "real"}),
		Entry("the config file", "real", nil),
	)

	It("may be repeated, or be * for all: each row has its context, and an engine that does not answer costs its own rows", func(ctx SpecContext) {
		for _, flags := range []string{"--context real --context default --context wrong", "--context *"} {
			session := run(ctx, map[string]string{"DOCKER_CONFIG": config("wrong"), "DOCKER_HOST": suite.Brief.Host()},
				append(strings.Fields(flags), "tags", "debian", "--format", "{{.Context}} {{.Repository}}")...)
			Expect(string(session.Out.Contents())).To(Equal("default debian\nreal debian\n"))
			Expect(string(session.Err.Contents())).To(MatchRegexp(`\AError: context wrong: listing images: the engine at ` + nobody + ` [^\n]*\n\z`))
			Expect(session).To(gexec.Exit(1))
		}
	})

	It("finds what `docker context create` and `docker context use` have written", func(ctx SpecContext) {
		output, err := shell(ctx, suite.Brief, map[string]string{"docker": "docker.io"})(`{
			docker context create mine --docker "host=$DOCKER_HOST"
			unset DOCKER_HOST
		} >/dev/null 2>&1
		dkr-ls --context mine tags
		docker context use mine >/dev/null 2>&1
		dkr-ls tags`)
		Expect(err).NotTo(HaveOccurred())
		Expect(output).To(Equal(strings.Repeat(expectedTable(ctx, "tags"), 2)))
	})
})

var _ = Describe("--timeout DURATION", func() {
	It("gives up on an engine that hangs", func(ctx SpecContext) {
		e := startEngine(ctx)
		docker := suite.Host.client()
		_, err := docker.ContainerPause(ctx, e.Container, client.ContainerPauseOptions{})
		Expect(err).NotTo(HaveOccurred())
		failed := failure(run(ctx, on(e.Host()), "tags", "--timeout", "300ms"))
		_, err = docker.ContainerUnpause(ctx, e.Container, client.ContainerUnpauseOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(failed).To(Equal("Error: listing images: the engine at " + e.Host() + " (chosen by DOCKER_HOST): no answer within 300ms; try: a longer --timeout"))
		Expect(table(run(ctx, on(e.Host()), "repos", "--timeout", "1m"))).To(Equal("REPOSITORY\n"))
	})
})

var _ = Describe("--log-level LEVEL", func() {
	It("says on stderr at DEBUG what the engine was asked, and what each filter leaves; the table stays as it is", func(ctx SpecContext) {
		session := run(ctx, on(suite.Brief.Host()), "tags", "--minAge", "100", "--log-level", "DEBUG")
		Expect(string(session.Out.Contents())).To(Equal(list(ctx, suite.Brief, "--minAge", "100", "--log-level", "ERROR")))
		Expect(string(session.Err.Contents())).To(And(
			ContainSubstring(`msg="engine chosen" endpoint=`+suite.Brief.Host()+" by=DOCKER_HOST"), MatchRegexp(`msg=request method=GET path=/v1\.\d+/images/json`),
			ContainSubstring("msg=filtered by=minAge before=8 after=4")))
	})
})
