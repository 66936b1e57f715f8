package integration_test

import (
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/testcontainers/testcontainers-go"
)

// The suite's engines have no TLS, so whoever reaches one may do there what he likes.
var _ = Describe("this suite", func() {
	It("lets no other container of this machine reach its engines", func(ctx SpecContext) {
		program := buildForEngine("cmd/dkr-ls")
		from := func(network, address string) string {
			GinkgoHelper()
			_, output := runToEnd(ctx, suite.Image.Name,
				testcontainers.WithEntrypoint("/dkr-ls"),
				testcontainers.WithCmd("repos", "--timeout", "3s", "--host", "tcp://"+address),
				testcontainers.WithFiles(testcontainers.ContainerFile{HostFilePath: program, ContainerFilePath: "/dkr-ls", FileMode: 0o755}),
				testcontainers.WithHostConfigModifier(func(config *container.HostConfig) { config.NetworkMode = container.NetworkMode(network) }),
			)
			return output
		}
		_, port, _ := strings.Cut(suite.Brief.Address, ":")
		inspected, err := suite.Host.client().ContainerInspect(ctx, suite.Brief.Container, client.ContainerInspectOptions{})
		Expect(err).NotTo(HaveOccurred())
		networks := inspected.Container.NetworkSettings.Networks
		Expect(networks).To(HaveLen(1))
		for network, engine := range networks {
			address := engine.IPAddress.String() + ":2375"
			Expect(from(network, address)).To(ContainSubstring("mysql/mysql-server"), "in its own network, or the rest shows nothing")
			for _, reached := range []string{address, engine.Gateway.String() + ":" + port} {
				Expect(from("bridge", reached)).To(And(ContainSubstring("Error: "), Not(ContainSubstring("REPOSITORY"))), reached)
			}
		}
	})
})
