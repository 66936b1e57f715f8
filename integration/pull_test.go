package integration_test

import (
	"bytes"
	"context"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
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
	archive, err := fixture.Build(e.Arch, []fixture.Image{image})
	Expect(err).NotTo(HaveOccurred())
	var content bytes.Buffer
	_, err = archive.WriteTo(&content)
	Expect(err).NotTo(HaveOccurred())

	binary, err := gexec.BuildWithEnvironment("github.com/dkr-ls/dkr-ls/integration/registry",
		[]string{"CGO_ENABLED=0", "GOOS=linux", "GOARCH=" + e.Arch})
	Expect(err).NotTo(HaveOccurred())
	runContainer(ctx, suite.Image.Name,
		testcontainers.WithEntrypoint("/registry"),
		testcontainers.WithCmd(registryAddress, "/archive.tar"),
		testcontainers.WithFiles(
			testcontainers.ContainerFile{HostFilePath: binary, ContainerFilePath: "/registry", FileMode: 0o755},
			testcontainers.ContainerFile{Reader: &content, ContainerFilePath: "/archive.tar", FileMode: 0o644},
		),
		testcontainers.WithHostConfigModifier(func(config *container.HostConfig) {
			config.NetworkMode = container.NetworkMode("container:" + e.Container)
		}),
		testcontainers.WithWaitStrategy(wait.ForLog("listening on")),
	)

	built := archive.Images()[0]
	pull(ctx, e, pulledRepository+"@"+built.ManifestDigest)
	return built
}

func pull(ctx context.Context, e engine, reference string) {
	GinkgoHelper()
	progress, err := e.client().ImagePull(ctx, reference, client.ImagePullOptions{})
	Expect(err).NotTo(HaveOccurred())
	Expect(progress.Wait(ctx)).To(Succeed())
}
