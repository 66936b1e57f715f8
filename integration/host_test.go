package integration_test

import (
	"context"
	"fmt"
	stdlog "log"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
)

// pullTimeout bounds the pull of a small image.
const pullTimeout = time.Minute

// host is the Docker engine of this machine, in which the suite's containers run.
type host struct {
	Address string // value of DOCKER_HOST
	// Reaper tells whether the image of testcontainers' reaper can be had. It
	// removes containers even after the suite has been killed.
	Reaper bool
}

// findHost fails the suite with one clear message where no engine answers.
//
// It does without testcontainers, which reads its settings once, at the first
// call; see [host.configureTestcontainers].
func findHost(ctx context.Context) host {
	GinkgoHelper()
	h := host{Address: dockerHost(ctx)}
	address, err := url.Parse(h.Address)
	Expect(err).NotTo(HaveOccurred())
	// Engines publish their ports on the loopback address only.
	name := address.Hostname()
	if address.Scheme != "unix" && name != "localhost" && name != "127.0.0.1" {
		Fail("The integration suite needs a Docker engine on this machine, but DOCKER_HOST or docker's context is " + address.Redacted())
	}
	docker := h.client()
	if _, err := docker.Ping(ctx, client.PingOptions{}); err != nil {
		Fail(fmt.Sprintf("The integration suite needs a Docker engine, and none answers at %s: %s\n"+
			"Start Docker, or set DOCKER_HOST to where it listens.", address.Redacted(), err))
	}
	reaperImage := testcontainers.ReaperDefaultImage //nolint:staticcheck // its name is not to be had otherwise
	h.Reaper = ensureImage(ctx, docker, reaperImage) == nil
	return h
}

// dockerHost returns the address that the docker command would use.
func dockerHost(ctx context.Context) string {
	if address := os.Getenv("DOCKER_HOST"); address != "" {
		return address
	}
	command := exec.CommandContext(ctx, "docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}")
	if out, err := command.Output(); err == nil {
		return strings.TrimSpace(string(out))
	}
	return client.DefaultDockerHost
}

func (h host) client() *client.Client {
	GinkgoHelper()
	docker, err := client.New(client.FromEnv, client.WithHost(h.Address))
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(docker.Close)
	return docker
}

// configureTestcontainers must run in each process before its first container.
// What the environment says already stays as it is.
func (h host) configureTestcontainers() {
	GinkgoHelper()
	log.SetDefault(stdlog.New(GinkgoWriter, "", stdlog.LstdFlags))
	settings := map[string]string{
		"DOCKER_HOST": h.Address,
		// Inside a container, testcontainers would take the bridge's gateway for the
		// host, where ports that are published on loopback do not answer.
		"TESTCONTAINERS_HOST_OVERRIDE": "127.0.0.1",
		"TESTCONTAINERS_RYUK_DISABLED": fmt.Sprint(!h.Reaper),
	}
	for name, value := range settings {
		if os.Getenv(name) == "" {
			Expect(os.Setenv(name, value)).To(Succeed())
		}
	}
}

// ensureImage pulls the image if it is not there.
func ensureImage(ctx context.Context, docker *client.Client, image string) error {
	if _, err := docker.ImageInspect(ctx, image); !errdefs.IsNotFound(err) {
		return err
	}
	pull, cancel := context.WithTimeout(ctx, pullTimeout)
	defer cancel()
	progress, err := docker.ImagePull(pull, image, client.ImagePullOptions{})
	if err == nil {
		err = progress.Wait(pull)
	}
	return err
}
