package integration_test

import (
	"fmt"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

const (
	registryAddress  = "127.0.0.1:5000" // as the engine sees it
	pulledRepository = registryAddress + "/pulled"
)

// pullByDigest makes the engine hold an image that has a digest and no tag,
// which loading an archive cannot do. A registry runs beside the engine for
// that, in the same network namespace, so that it is on the engine's loopback.
func pullByDigest(ctx SpecContext, e engine, image fixture.Image) fixture.Built {
	GinkgoHelper()
	dockerOnly("Podman wants TLS of registries, which the suite's does not have")
	image.Created = time.Unix(image.Created.Unix(), 0) // as the registry gets it
	archive, err := fixture.Build(e.Arch, []fixture.Image{image})
	Expect(err).NotTo(HaveOccurred())
	runContainer(ctx, suite.Image.Name,
		testcontainers.WithEntrypoint("/registry"),
		testcontainers.WithCmd(registryAddress, e.Arch, fmt.Sprint(image.Created.Unix()), fmt.Sprint(image.Size)),
		testcontainers.WithFiles(testcontainers.ContainerFile{HostFilePath: buildForEngine("integration/registry"), ContainerFilePath: "/registry", FileMode: 0o755}),
		testcontainers.WithHostConfigModifier(func(config *container.HostConfig) {
			config.NetworkMode = container.NetworkMode("container:" + e.Container)
		}),
		testcontainers.WithWaitStrategyAndDeadline(startTimeout, wait.ForLog("listening on")),
	)

	built := archive.Images()[0]
	progress, err := e.client().ImagePull(ctx, pulledRepository+"@"+built.ManifestDigest, client.ImagePullOptions{})
	Expect(err).NotTo(HaveOccurred())
	Expect(progress.Wait(ctx)).To(Succeed())
	return built
}
