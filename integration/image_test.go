package integration_test

import (
	"context"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// engineImage is the image that engines are started from.
type engineImage struct {
	Name string
	// Official images need --privileged, for what their entrypoint does: it sets up cgroups
	// and mounts. All others get by with a few capabilities.
	Official bool
	Podman   bool     // its engine is Podman, with Docker's API
	Cmd      []string // the image's own command
}

// command starts the image's engine, with an API without TLS on enginePort.
func (i engineImage) command() []string {
	if i.Podman {
		return append(slices.Clone(i.Cmd), "tcp://0.0.0.0:2375")
	}
	// Said explicitly, as engines wait 15 s on an API without TLS otherwise.
	return append(dockerd(), "--tls=false")
}

// dockerd starts an engine in which no container runs, so it needs no network.
func dockerd() []string {
	return []string{"dockerd", "--host=tcp://0.0.0.0:2375", "--iptables=false", "--ip6tables=false", "--bridge=none"}
}

// chooseEngineImage takes the image that hack/engine-image.sh chooses, and says why on stderr.
func chooseEngineImage(ctx context.Context) engineImage {
	GinkgoHelper()
	image := engineImage{Name: printed(ctx, "../hack/engine-image.sh")}
	inspected, err := suite.Host.client().ImageInspect(ctx, image.Name)
	Expect(err).NotTo(HaveOccurred(), "the chosen engine image must be present")
	image.Official = slices.Contains(inspected.Config.Entrypoint, "dockerd-entrypoint.sh")
	image.Cmd = inspected.Config.Cmd
	image.Podman = len(image.Cmd) > 0 && image.Cmd[0] == "podman"
	return image
}

// printed runs a script that prints an image's name on its last line, and returns that.
func printed(ctx context.Context, script string, args ...string) string {
	GinkgoHelper()
	command := exec.CommandContext(ctx, script, args...)
	// Interrupted, the script gets the chance to clean up.
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.Stderr = GinkgoWriter
	output, err := command.Output()
	Expect(err).NotTo(HaveOccurred(), "%s %v", script, args)
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	return lines[len(lines)-1]
}
