package integration_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

const (
	// officialImage is pinned, so that a run of today can be had again next year.
	officialImage = "docker:28.5.2-dind"
	// localRepository is what hack/engine-image.sh names its images.
	localRepository = "dkr-ls-engine"
	// localLabel is on the images of hack/engine-image.sh, whatever their name.
	localLabel = "dkr-ls.engine"
)

// engineImage is the image that engines are started from.
type engineImage struct {
	Name   string
	Reason string // why this one was chosen
	// Official images need --privileged: their entrypoint sets up cgroups and
	// mounts. The locally made ones get by with a few capabilities.
	Official bool
}

// chooseEngineImage takes the image that the environment names, else one that
// is here, else the official one, else it makes one from Debian's packages.
func chooseEngineImage(ctx context.Context) engineImage {
	GinkgoHelper()
	docker := suite.Host.client()
	image := engineImage{}
	image.Name, image.Reason = chooseName(ctx, docker)
	inspected, err := docker.ImageInspect(ctx, image.Name)
	Expect(err).NotTo(HaveOccurred(), "the chosen engine image must be present")
	_, local := inspected.Config.Labels[localLabel]
	image.Official = !local
	return image
}

func chooseName(ctx context.Context, docker *client.Client) (name, reason string) {
	GinkgoHelper()
	if name := os.Getenv("DKR_LS_ENGINE_IMAGE"); name != "" {
		// A promised engine that is missing is a failure, not a reason to use another.
		Expect(ensureImage(ctx, docker, name)).To(Succeed(), "DKR_LS_ENGINE_IMAGE names an image that cannot be had")
		return name, "DKR_LS_ENGINE_IMAGE names it"
	}
	if name := presentImage(ctx, docker); name != "" {
		return name, "present on this machine"
	}
	err := ensureImage(ctx, docker, officialImage)
	if err == nil {
		return officialImage, "the official image, pulled"
	}
	return makeImage(ctx), fmt.Sprintf("made by hack/engine-image.sh, since the official image cannot be had (%s)", err)
}

// presentImage returns a locally made image that is here, the newest Debian
// first, else nothing.
func presentImage(ctx context.Context, docker *client.Client) string {
	GinkgoHelper()
	found, err := docker.ImageList(ctx, client.ImageListOptions{
		Filters: make(client.Filters).Add("reference", localRepository),
	})
	Expect(err).NotTo(HaveOccurred())

	var names []string
	for _, item := range found.Items {
		for _, tag := range item.RepoTags {
			if strings.HasPrefix(tag, localRepository+":") {
				names = append(names, tag)
			}
		}
	}
	if len(names) == 0 {
		return ""
	}
	return slices.Max(names) // "trixie" sorts after "bookworm"
}

// makeImage runs the script, which prints the image's name on its last line.
func makeImage(ctx context.Context) string {
	GinkgoHelper()
	command := exec.CommandContext(ctx, "../hack/engine-image.sh")
	// Interrupted, the script gets the chance to clean up.
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	Expect(command.Run()).To(Succeed(), "hack/engine-image.sh: %s", &stderr)

	lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	return lines[len(lines)-1]
}
