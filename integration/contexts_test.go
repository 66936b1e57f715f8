package integration_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"

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
		if c.Certificates == "" {
			continue
		}
		for _, name := range []string{"ca.pem", "cert.pem", "key.pem"} {
			content, err := os.ReadFile(filepath.Join(c.Certificates, name))
			Expect(err).NotTo(HaveOccurred())
			write(content, "contexts", "tls", id, "docker", name)
		}
	}
	return dir
}

var _ = Describe("the engine of a docker context", func() {
	// config has the contexts real, which is the shared engine, and wrong, where no engine answers.
	config := func(current string) string {
		GinkgoHelper()
		file, err := json.Marshal(map[string]string{"currentContext": current})
		Expect(err).NotTo(HaveOccurred())
		return dockerConfig(string(file), map[string]dockerContext{"real": {Host: suite.Brief.Host()}, "wrong": {Host: nobody}})
	}

	It("is listed by --context, whatever the environment and the config file name", func(ctx SpecContext) {
		expectExample(ctx, run(ctx, map[string]string{
			"DOCKER_CONFIG": config("wrong"), "DOCKER_CONTEXT": "wrong", "DOCKER_HOST": nobody,
		}, "--context", "real", "tags"))
	})

	It("is listed by DOCKER_CONTEXT, whatever the config file names", func(ctx SpecContext) {
		expectExample(ctx, run(ctx, map[string]string{"DOCKER_CONFIG": config("wrong"), "DOCKER_CONTEXT": "real"}, "tags"))
	})

	It("is listed by the config file's current context", func(ctx SpecContext) {
		expectExample(ctx, run(ctx, map[string]string{"DOCKER_CONFIG": config("real")}, "tags"))
	})

	It("gives way to DOCKER_HOST, which the docker command prefers to DOCKER_CONTEXT", func(ctx SpecContext) {
		expectExample(ctx, run(ctx, map[string]string{
			"DOCKER_CONFIG": config("wrong"), "DOCKER_CONTEXT": "wrong", "DOCKER_HOST": suite.Brief.Host(),
		}, "tags"))
	})

	It("is not needed by DOCKER_HOST with a config file that is broken", func(ctx SpecContext) {
		dir := dockerConfig("{broken", nil)
		session := run(ctx, map[string]string{"DOCKER_CONFIG": dir, "DOCKER_HOST": suite.Brief.Host()}, "tags")
		Expect(session).To(gexec.Exit(0))
		Expect(rows(string(session.Out.Contents()))).To(HaveLen(len(suite.Images)))
		Expect(string(session.Err.Contents())).To(And(ContainSubstring(`level=WARNING msg="docker's config file cannot be read"`), ContainSubstring(dir)))
	})

	It("is told apart in an error, with what chose it", func(ctx SpecContext) {
		dir := config("wrong")
		Expect(failure(run(ctx, map[string]string{"DOCKER_CONFIG": dir}, "tags"))).To(Equal(
			"Error: listing images: the engine at tcp://127.0.0.1:1 (chosen by context wrong (currentContext in " + dir +
				"/config.json)): connection refused; try: starting the engine, or another address"))
	})

	It("that does not exist is an error", func(ctx SpecContext) {
		Expect(failure(run(ctx, map[string]string{"DOCKER_CONFIG": config("real"), "DOCKER_CONTEXT": "nope"}, "tags"))).To(Equal(
			"Error: context nope (DOCKER_CONTEXT): there is no such context; try: docker context ls"))
	})

	It("is found where `docker context create` and `docker context use` have put it", func(ctx SpecContext) {
		client := installed(ctx, "docker", "docker.io")
		dir := GinkgoT().TempDir()
		docker := func(args ...string) {
			GinkgoHelper()
			command := exec.CommandContext(ctx, client, args...)
			command.Env = []string{"DOCKER_CONFIG=" + dir}
			output, err := command.CombinedOutput()
			Expect(err).NotTo(HaveOccurred(), string(output))
		}
		docker("context", "create", "mine", "--docker", "host="+suite.Brief.Host())
		expectExample(ctx, run(ctx, map[string]string{"DOCKER_CONFIG": dir}, "--context=mine", "tags"))
		docker("context", "use", "mine")
		expectExample(ctx, run(ctx, map[string]string{"DOCKER_CONFIG": dir}, "tags"))
	})
})
