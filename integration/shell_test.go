package integration_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// shell is a person's bash at an engine, which is the docker context prod as well, with dkr-ls, docker and
// other programs, each by the name of Debian's package that holds it. A line that fails returns its error with what it printed.
// Settings may make it another shell, at another place.
func shell(ctx SpecContext, e engine, programs map[string]string, settings ...func(*exec.Cmd)) func(line string) (output string, err error) {
	GinkgoHelper()
	bin := GinkgoT().TempDir()
	Expect(os.Symlink(suite.Binary, filepath.Join(bin, "dkr-ls"))).To(Succeed())
	for program, name := range programs {
		Expect(os.Symlink(installed(ctx, program, name), filepath.Join(bin, program))).To(Succeed())
	}
	config := dockerConfig("{}", map[string]dockerContext{"prod": {Host: e.Host()}})
	return func(line string) (string, error) {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		command := exec.CommandContext(ctx, "bash", "-o", "pipefail", "-c", line)
		command.WaitDelay = cleanupTimeout // what the line has started may hold its output open
		command.Env = []string{"PATH=" + bin + ":/usr/bin:/bin", "HOME=" + bin, "TZ=" + timeZone, "DOCKER_CONFIG=" + config, "DOCKER_HOST=" + e.Host()}
		for _, set := range settings {
			set(command)
		}
		output, err := command.CombinedOutput()
		GinkgoWriter.Printf("$ %s\n%s", line, output)
		return string(output), err
	}
}
