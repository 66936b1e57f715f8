//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	"github.com/opencontainers/go-digest"
)

// These specs run the plugin by the real docker client, with a stand-in engine.
var _ = Describe("as a plugin of docker", func() {
	var config, host string

	BeforeEach(func() {
		if _, err := exec.LookPath("docker"); err != nil {
			Skip("there is no docker client here")
		}
		config = GinkgoT().TempDir()
		plugins := filepath.Join(config, "cli-plugins")
		Expect(os.MkdirAll(plugins, 0o700)).To(Succeed())
		Expect(os.Symlink(binary(), filepath.Join(plugins, "docker-dkrls"))).To(Succeed())
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Api-Version", "1.41")
			_, _ = w.Write([]byte(`[{"Id":"sha256:7e4d58f0e5f3aa","RepoTags":["nginx:latest"]}]`))
		}))
		DeferCleanup(server.Close)
		host = strings.Replace(server.URL, "http", "tcp", 1)
		meta := filepath.Join(config, "contexts", "meta", digest.FromString("prod").Encoded(), "meta.json")
		Expect(os.MkdirAll(filepath.Dir(meta), 0o700)).To(Succeed())
		Expect(os.WriteFile(meta, []byte(`{"Name":"prod","Endpoints":{"docker":{"Host":"`+host+`"}}}`), 0o600)).To(Succeed())
	})

	// running starts the docker client without an engine of its own.
	running := func(ctx SpecContext, args ...string) *gexec.Session {
		GinkgoHelper()
		cmd := exec.CommandContext(ctx, "docker", args...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "DOCKER_CONFIG=" + config, "HOME=" + config, "DOCKER_HOST="}
		return start(cmd)
	}
	docker := func(ctx SpecContext, args ...string) *gexec.Session {
		GinkgoHelper()
		session := running(ctx, args...)
		Eventually(session).WithContext(ctx).WithTimeout(deadline).Should(gexec.Exit())
		return session
	}
	fill := func(args []string) []string {
		filled := []string{}
		for _, arg := range args {
			filled = append(filled, strings.NewReplacer("HOST", host, "CONFIG", config).Replace(arg))
		}
		return filled
	}

	DescribeTable("lists the images of docker's engine", func(ctx SpecContext, args ...string) {
		session := docker(ctx, fill(args)...)
		Expect(string(session.Err.Contents())).To(BeEmpty())
		Expect(string(session.Out.Contents())).To(Equal("REPOSITORY\nnginx\n"))
		Expect(session).To(gexec.Exit(0))
	},
		Entry("by docker's host", "--host", "HOST", "dkrls", "repos"),
		Entry("by docker's host in short", "-HHOST", "dkrls", "repos"),
		Entry("by docker's context", "--context", "prod", "dkrls", "repos"),
		Entry("by docker's context in short", "-c", "prod", "dkrls", "repos"),
		Entry("by a host of its own", "dkrls", "repos", "--host=HOST"),
		Entry("by a context of its own, before the command", "dkrls", "--context=prod", "repos"),
		Entry("by a context of its own, before docker's", "--context", "nope", "dkrls", "repos", "--context", "prod"),
		Entry("by a host of its own, before docker's context", "--context", "nope", "dkrls", "repos", "-H", "HOST"),
		Entry("by a context of its own, before docker's host", "--host", "tcp://127.0.0.1:1", "dkrls", "--context", "prod", "repos"),
		Entry("at docker's level", "-l", "fatal", "-c", "prod", "dkrls", "repos"),
		Entry("at docker's level in its long form", "--log-level=panic", "-c", "prod", "dkrls", "repos"),
		Entry("without debugging", "--debug=false", "-c", "prod", "dkrls", "repos"),
		Entry("without TLS", "--tls=false", "-H", "HOST", "dkrls", "repos"),
		Entry("with TLS files for nothing", "--tlscacert", "/nonexistent", "--tlscert", "/nonexistent", "--tlskey", "/nonexistent", "-H", "HOST", "dkrls", "repos"),
	)

	DescribeTable("honours docker's flags", func(ctx SpecContext, message string, args ...string) {
		session := docker(ctx, fill(args)...)
		Expect(string(session.Err.Contents())).To(ContainSubstring(strings.ReplaceAll(message, "CONFIG", config)))
	},
		Entry("for debugging", "level=DEBUG", "-D", "-c", "prod", "dkrls", "repos"),
		Entry("for debugging, whatever its level is", "level=DEBUG", "--debug", "--log-level", "error", "-c", "prod", "dkrls", "repos"),
		Entry("for its level", "level=DEBUG", "-l", "trace", "-c", "prod", "dkrls", "repos"),
		Entry("for TLS", "open CONFIG/ca.pem: no such file or directory", "--tls", "-H", "HOST", "dkrls", "repos"),
		Entry("for TLS that is verified", "open CONFIG/ca.pem: no such file or directory", "--tlsverify", "-H", "HOST", "dkrls", "repos"),
		Entry("for TLS that is not to be verified", "open CONFIG/ca.pem: no such file or directory", "--tlsverify=false", "-H", "HOST", "dkrls", "repos"),
		Entry("for the file of a CA", "open /nonexistent/ca: no such file or directory", "--tlsverify", "--tlscacert", "/nonexistent/ca", "-H", "HOST", "dkrls", "repos"),
	)

	It("reads the folder that docker was told to", func(ctx SpecContext) {
		cmd := exec.CommandContext(ctx, "docker", "--config", config, "-c", "prod", "dkrls", "repos")
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "DOCKER_CONFIG=/nonexistent", "HOME=/nonexistent"}
		Expect(cmd.Output()).To(BeEquivalentTo("REPOSITORY\nnginx\n"))
	})

	DescribeTable("is told of by docker's help", func(ctx SpecContext, file string, args ...string) {
		session := docker(ctx, args...)
		Expect(session).To(gexec.Exit(0))
		Expect(string(session.Out.Contents())).To(HaveSuffix(strings.ReplaceAll(golden(file), "dkr-ls", "docker dkrls")))
	},
		Entry(nil, "usage.txt", "help", "dkrls"),
		Entry(nil, "usage.txt", "dkrls", "--help"),
		Entry(nil, "usage-tags.txt", "help", "dkrls", "tags"),
		Entry(nil, "usage-tags.txt", "dkrls", "help", "tags"),
		Entry(nil, "usage-tags.txt", "-D", "-c", "prod", "dkrls", "tags", "--help"),
	)

	DescribeTable("tells its version", func(ctx SpecContext, args ...string) {
		session := docker(ctx, args...)
		Expect(session).To(gexec.Exit(0))
		Expect(string(session.Out.Contents())).To(HavePrefix("dkr-ls "))
	},
		Entry(nil, "dkrls", "--version"), Entry(nil, "--version", "dkrls"), Entry(nil, "-v", "dkrls", "tags"),
	)

	// Docker passes no signal on, but closes a socket of its plugin.
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		It(fmt.Sprintf("ends by %v to docker", sig), func(ctx SpecContext) {
			plugin := filepath.Join(config, "cli-plugins", "docker-dkrls")
			moved, pidFile := filepath.Join(config, "docker-dkrls"), filepath.Join(config, "pid")
			Expect(os.Rename(plugin, moved)).To(Succeed())
			script := "#!/bin/sh\necho $$ >'" + pidFile + "'\nexec '" + moved + "' \"$@\"\n"
			Expect(os.WriteFile(plugin, []byte(script), 0o700)).To(Succeed())

			arrived := make(chan struct{})
			session := running(ctx, "-H", stages()[2].serve(func() { close(arrived) }), "dkrls", "tags", "--timeout=0")
			Eventually(ctx, arrived).Should(BeClosed())
			text, err := os.ReadFile(pidFile)
			Expect(err).NotTo(HaveOccurred())
			pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
			Expect(err).NotTo(HaveOccurred())

			session.Signal(sig)
			Eventually(func() error { return syscall.Kill(pid, 0) }).WithContext(ctx).WithTimeout(deadline).WithPolling(time.Millisecond).Should(MatchError(syscall.ESRCH))
			Eventually(session).WithContext(ctx).WithTimeout(deadline).Should(gexec.Exit(143))
			Expect(string(session.Out.Contents()) + string(session.Err.Contents())).To(BeEmpty())
		})
	}

	It("tells docker what it is", func(ctx SpecContext) {
		Expect(string(docker(ctx, "help").Out.Contents())).To(MatchRegexp(`dkrls\*? +List images: the table that stays the same`))
		cmd := exec.CommandContext(ctx, filepath.Join(config, "cli-plugins", "docker-dkrls"), "docker-cli-plugin-metadata")
		text, err := cmd.Output()
		Expect(err).NotTo(HaveOccurred())
		var about map[string]string
		Expect(json.Unmarshal(text, &about)).To(Succeed())
		Expect(about).To(HaveKeyWithValue("SchemaVersion", "0.1.0"))
		Expect(about).To(HaveKeyWithValue("Vendor", "dkr-ls"))
	})

	It("calls itself by the name that docker gives it, and keeps its statuses", func(ctx SpecContext) {
		session := docker(ctx, "dkrls", "repos", "--maxTags", "3")
		Expect(session).To(gexec.Exit(2))
		Expect(string(session.Err.Contents())).To(HavePrefix("Error: unknown flag: --maxTags\nUsage:\n  docker dkrls repos [flags]\n"))
		Expect(docker(ctx, "-H", "tcp://127.0.0.1:1", "dkrls", "tags")).To(gexec.Exit(1))
	})

	It("is dkr-ls by any other name", func() {
		Expect(isPlugin("/usr/local/bin/dkr-ls")).To(BeFalse())
		Expect(isPlugin("/usr/libexec/docker/cli-plugins/docker-dkrls")).To(BeTrue())
	})
})
