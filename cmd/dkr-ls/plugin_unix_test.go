//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
)

// The real docker client runs the plugin, with a stand-in for an engine.
var _ = Describe("docker dkrls", func() {
	var config, host, plugin string

	BeforeEach(func() {
		if _, err := exec.LookPath("docker"); err != nil {
			skipAloud("there is no docker client here")
		}
		host = listing(`[{"Id":"sha256:7e4d58f0e5f3aa","RepoTags":["nginx:latest"]}]`)
		config = dockerFolder(map[string]string{"prod": host})
		Expect(os.Rename(linked("docker-dkrls"), filepath.Join(config, "cli-plugins"))).To(Succeed())
		plugin = filepath.Join(config, "cli-plugins", "docker-dkrls")
	})

	docker := func(ctx SpecContext, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, "docker")
		for _, arg := range args {
			cmd.Args = append(cmd.Args, strings.NewReplacer("HOST", host, "CONFIG", config).Replace(arg))
		}
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "DOCKER_CONFIG=" + config, "HOME=" + config, "DOCKER_HOST="}
		return cmd
	}

	DescribeTable("lists the engine chosen", func(ctx SpecContext, args ...string) {
		Expect(ended(docker(ctx, args...))).To(Equal(result{0, "REPOSITORY\nnginx\n", ""}))
	},
		Entry("by docker's --host", "--host", "HOST", "dkrls", "repos"),
		Entry("by docker's -H", "-HHOST", "dkrls", "repos"),
		Entry("by docker's --context", "--context", "prod", "dkrls", "repos"),
		Entry("by docker's -c", "-c", "prod", "dkrls", "repos"),
		Entry("by docker's --config", "--config", "CONFIG", "-c", "prod", "dkrls", "repos"),
		Entry("by its own --host", "dkrls", "repos", "--host=HOST"),
		Entry("by its own --context", "dkrls", "--context=prod", "repos"),
		Entry("by its own --context rather than docker's", "--context", "nope", "dkrls", "repos", "--context", "prod"),
		Entry("by its own -H rather than docker's --context", "--context", "nope", "dkrls", "repos", "-H", "HOST"),
		Entry("by its own --context rather than docker's --host", "--host", "tcp://127.0.0.1:1", "dkrls", "--context", "prod", "repos"),
		Entry("with one of docker's levels", "-l", "fatal", "-c", "prod", "dkrls", "repos"),
		Entry("with another of docker's levels", "--log-level=panic", "-c", "prod", "dkrls", "repos"),
		Entry("with --debug=false", "--debug=false", "-c", "prod", "dkrls", "repos"),
		Entry("with --tls=false", "--tls=false", "-H", "HOST", "dkrls", "repos"),
		Entry("with TLS files that nothing needs", "--tlscacert", "/nonexistent", "--tlscert", "/nonexistent", "--tlskey", "/nonexistent", "-H", "HOST", "dkrls", "repos"),
	)

	DescribeTable("honours docker's", func(ctx SpecContext, message string, args ...string) {
		Expect(ended(docker(ctx, args...)).stderr).To(ContainSubstring(strings.ReplaceAll(message, "CONFIG", config)))
	},
		Entry("-D", "level=DEBUG", "-D", "-c", "prod", "dkrls", "repos"),
		Entry("--debug, whatever --log-level says", "level=DEBUG", "--debug", "--log-level", "error", "-c", "prod", "dkrls", "repos"),
		Entry("-l", "level=DEBUG", "-l", "trace", "-c", "prod", "dkrls", "repos"),
		Entry("--tls", "open CONFIG/ca.pem: no such file or directory", "--tls", "-H", "HOST", "dkrls", "repos"),
		Entry("--tlsverify", "open CONFIG/ca.pem: no such file or directory", "--tlsverify", "-H", "HOST", "dkrls", "repos"),
		Entry("--tlsverify=false", "open CONFIG/ca.pem: no such file or directory", "--tlsverify=false", "-H", "HOST", "dkrls", "repos"),
		Entry("--tlscacert", "open /nonexistent/ca: no such file or directory", "--tlsverify", "--tlscacert", "/nonexistent/ca", "-H", "HOST", "dkrls", "repos"),
	)

	DescribeTable("prints its help as docker's", func(ctx SpecContext, file string, args ...string) {
		got := ended(docker(ctx, args...))
		Expect(got.status).To(BeZero())
		Expect(got.stdout).To(HaveSuffix(strings.ReplaceAll(golden(file), "dkr-ls", "docker dkrls")))
	},
		Entry(nil, "usage.txt", "help", "dkrls"), Entry(nil, "usage.txt", "dkrls", "--help"),
		Entry(nil, "usage-tags.txt", "help", "dkrls", "tags"), Entry(nil, "usage-tags.txt", "dkrls", "help", "tags"),
		Entry(nil, "usage-tags.txt", "-D", "-c", "prod", "dkrls", "tags", "--help"),
	)

	DescribeTable("prints its version", func(ctx SpecContext, args ...string) {
		got := ended(docker(ctx, args...))
		Expect(got.status).To(BeZero())
		Expect(got.stdout).To(HavePrefix("dkr-ls "))
	},
		Entry(nil, "dkrls", "--version"), Entry(nil, "--version", "dkrls"), Entry(nil, "-v", "dkrls", "tags"),
	)

	It("is one of docker's commands", func(ctx SpecContext) {
		Expect(ended(docker(ctx, "help")).stdout).To(MatchRegexp(`dkrls\*? +List images: the table that stays the same`))
		var about map[string]string
		Expect(json.Unmarshal([]byte(ended(exec.CommandContext(ctx, plugin, "docker-cli-plugin-metadata")).stdout), &about)).To(Succeed())
		Expect(about).To(And(HaveKeyWithValue("SchemaVersion", "0.1.0"), HaveKeyWithValue("Vendor", "dkr-ls")))
	})

	It("fails with its own name and statuses", func(ctx SpecContext) {
		want := wrongUse("unknown flag: --maxTags", ofRepos)
		want.stderr = strings.ReplaceAll(want.stderr, "dkr-ls", "docker dkrls")
		Expect(ended(docker(ctx, "dkrls", "repos", "--maxTags", "3"))).To(Equal(want))
		Expect(ended(docker(ctx, "-H", "tcp://127.0.0.1:1", "dkrls", "tags")).status).To(Equal(1))
		Expect(world{plugin: true}.run(ctx).stderr).To(HavePrefix("Error: no command given\nUsage:\n  docker dkrls "), "without arguments")
	})

	// Docker passes no signal on, but closes a socket of its plugin.
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		It(fmt.Sprintf("ends when docker gets %v", sig), func(ctx SpecContext) {
			moved, file := filepath.Join(config, "docker-dkrls"), filepath.Join(config, "pid")
			Expect(os.Rename(plugin, moved)).To(Succeed())
			script := put("#!/bin/sh\necho $$ >'"+file+"'\nexec '"+moved+"' \"$@\"\n", plugin)
			Expect(os.Chmod(script, 0o700)).To(Succeed())
			arrived := make(chan struct{}, 1)
			session := start(docker(ctx, "-H", serve(answering(hang("", arrived))), "dkrls", "tags", "--timeout=0"))
			Eventually(ctx, arrived).Should(Receive())
			pid, err := pidIn(file)
			Expect(err).NotTo(HaveOccurred())

			session.Signal(sig)
			Eventually(func() error { return syscall.Kill(pid, 0) }).WithPolling(time.Millisecond).Should(MatchError(syscall.ESRCH))
			Eventually(session).Should(gexec.Exit(143))
			Expect(string(session.Out.Contents()) + string(session.Err.Contents())).To(BeEmpty())
		})
	}
})
