package endpoint_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/opencontainers/go-digest"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

func TestEndpoint(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "lister/endpoint")
}

// env returns an environment of just these variables, and no docker config unless it names one.
func env(variables map[string]string) func(string) string {
	return func(name string) string {
		if value, ok := variables[name]; ok || name != "DOCKER_CONFIG" {
			return value
		}
		return "/nonexistent"
	}
}

// locate finds the engine that options and variables choose.
func locate(options endpoint.Options, variables map[string]string) (endpoint.Endpoint, error) {
	log := slog.New(slog.NewTextHandler(GinkgoWriter, nil))
	return endpoint.Setup(options.Folder, env(variables), log).Locate(options)
}

// dockerConfig returns a folder with docker's config file and contexts, a name and an address each.
func dockerConfig(config string, contexts map[string]string) string {
	GinkgoHelper()
	dir := GinkgoT().TempDir()
	write := func(path, content string) {
		Expect(os.MkdirAll(filepath.Dir(path), 0o700)).To(Succeed())
		Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
	}
	if config != "" {
		write(filepath.Join(dir, "config.json"), config)
	}
	for name, host := range contexts {
		write(metaFile(dir, name), fmt.Sprintf(`{"Name":%q,"Metadata":{"Description":"for specs"},"Endpoints":{"docker":{"Host":%q}}}`, name, host))
	}
	return dir
}

// metaFile returns the file that describes a context in docker's folder.
func metaFile(folder, name string) string {
	return filepath.Join(folder, "contexts", "meta", digest.FromString(name).Encoded(), "meta.json")
}

// lock takes the permission to read a file away.
func lock(path string) {
	GinkgoHelper()
	if os.Geteuid() <= 0 {
		Skip("root may read every file, and Windows has no such modes")
	}
	Expect(os.Chmod(path, 0)).To(Succeed())
}
