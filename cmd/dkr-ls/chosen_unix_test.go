//go:build unix

package main

import (
	"cmp"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/opencontainers/go-digest"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("the engine that is chosen", func() {
	DescribeTable("by an empty address is the default one, whatever the environment says", func(ctx SpecContext, args ...string) {
		var stdout, stderr strings.Builder
		variables := map[string]string{"DOCKER_CONFIG": "/nonexistent", "DOCKER_HOST": "tcp://127.0.0.1:1", "DOCKER_CONTEXT": "prod"}
		p := withEngines(variables, &stdout, &stderr)
		p.connect = func(o endpoint.Options, log *slog.Logger) (lister.Engine, error) {
			endpoint, err := endpoint.Setup(o.Folder, p.getenv, log).Locate(o)
			return nil, cmp.Or(err, errors.New(endpoint.Name()+" by "+endpoint.Source))
		}
		Expect(run(ctx, args, p)).To(Equal(1))
		Expect(stderr.String()).To(Equal("Error: unix:///var/run/docker.sock by --host\n"))
	},
		Entry("in short", "-H", "", "tags"), Entry("behind the command", "repos", "--host="),
	)

	It("has a name: a context without one is told among all of them", func(ctx SpecContext) {
		up := listing(`[{"Id":"a","RepoTags":["nginx:1"]}]`)
		folder := dockerFolder(up)
		meta := filepath.Join(folder, "contexts", "meta", digest.FromString("").Encoded())
		Expect(os.MkdirAll(meta, 0o700)).To(Succeed())
		Expect(os.WriteFile(filepath.Join(meta, "meta.json"), []byte(`{"Name":"","Endpoints":{"docker":{"Host":"`+up+`"}}}`), 0o600)).To(Succeed())
		var stdout, stderr strings.Builder
		status := run(ctx, []string{"repos", "--context", "*"}, withEngines(map[string]string{"DOCKER_CONFIG": folder, "DOCKER_HOST": up}, &stdout, &stderr))
		Expect(result{status, stdout.String(), stderr.String()}).To(Equal(result{
			1, "CONTEXT             REPOSITORY\ndefault             nginx\nprod                nginx\n",
			"Error: a docker context in " + meta + " cannot be read: it has no name; try: removing that folder, and creating the context anew\n",
		}))
	})

	DescribeTable("is told without a word that a shell would take apart", func(ctx SpecContext, host string) {
		GinkgoT().Setenv("PATH", "/nonexistent") // no ssh
		var stdout, stderr strings.Builder
		status := run(ctx, []string{"tags"}, withEngines(map[string]string{"DOCKER_CONFIG": "/nonexistent", "DOCKER_HOST": host}, &stdout, &stderr))
		Expect(status).To(Equal(1))
		_, hint, found := strings.Cut(stderr.String(), "; try: ")
		Expect(found).To(BeTrue())
		Expect(hint).NotTo(HavePrefix("ssh h"))
		Expect(hint).NotTo(MatchRegexp("[;`$&|<>(){}*?!\"'\\\\]"))
	},
		Entry(nil, "ssh://h;id"), Entry(nil, "ssh://h$(id)"), Entry(nil, "ssh://h`id`"), Entry(nil, "ssh://h&id"), Entry(nil, "ssh://h|id"),
		Entry(nil, "ssh://h'id"), Entry(nil, "ssh://h*"), Entry(nil, "unix:///tmp/a;id"), Entry(nil, "unix:///$(id)"),
	)

	It("is told with a command to copy where a shell takes it as it is", func(ctx SpecContext) {
		GinkgoT().Setenv("PATH", "/nonexistent")
		var stdout, stderr strings.Builder
		run(ctx, []string{"tags"}, withEngines(map[string]string{"DOCKER_CONFIG": "/nonexistent", "DOCKER_HOST": "ssh://build.example:22"}, &stdout, &stderr))
		Expect(stderr.String()).To(Equal("Error: listing images: the engine at ssh://build.example:22 (chosen by DOCKER_HOST): " +
			`exec: "ssh": executable file not found in $PATH; try: ssh -p 22 build.example docker version` + "\n"))
	})

	It("may be none, at a terminal too", func(ctx SpecContext) {
		var stdout, stderr strings.Builder
		p := withEngines(map[string]string{"DOCKER_CONFIG": "/nonexistent", "DOCKER_HOST": "unix:///" + strings.Repeat("a", 200)}, &stdout, &stderr)
		p.waiting.terminal, p.waiting.width = &stderr, 80
		Expect(run(ctx, []string{"tags"}, p)).To(Equal(1))
		Expect(stderr.String()).To(ContainSubstring("is too long; try: another address"))
	})
})
