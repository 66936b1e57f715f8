//go:build unix

package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

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
		Expect(os.Symlink(binary, filepath.Join(plugins, "docker-dkrls"))).To(Succeed())
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

	// docker runs the docker client without an engine of its own.
	docker := func(ctx SpecContext, args ...string) *gexec.Session {
		GinkgoHelper()
		cmd := exec.CommandContext(ctx, "docker", args...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "DOCKER_CONFIG=" + config, "HOME=" + config, "DOCKER_HOST="}
		session := start(cmd)
		Eventually(session).WithContext(ctx).WithTimeout(deadline).Should(gexec.Exit())
		return session
	}
	fill := func(args []string) []string {
		filled := []string{}
		for _, arg := range args {
			filled = append(filled, strings.ReplaceAll(arg, "HOST", host))
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
	)

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
