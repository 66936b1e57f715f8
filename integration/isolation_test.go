package integration_test

import (
	"io"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// The suite's engines have no TLS, so whoever reaches one may do there what he likes.
var _ = Describe("another container of this machine", Ordered, func() {
	var program string // dkr-ls as any image can run it
	BeforeAll(func() {
		var err error
		program, err = gexec.BuildWithEnvironment("github.com/dkr-ls/dkr-ls/cmd/dkr-ls",
			[]string{"CGO_ENABLED=0", "GOOS=linux", "GOARCH=" + suite.Brief.Arch})
		Expect(err).NotTo(HaveOccurred())
	})

	// list runs dkr-ls in a container in the network, and returns what it prints on both streams.
	list := func(ctx SpecContext, network, address string) string {
		GinkgoHelper()
		other := runContainer(ctx, suite.Image.Name,
			testcontainers.WithEntrypoint("/dkr-ls"),
			testcontainers.WithCmd("repos", "--timeout", "3s", "--host", "tcp://"+address),
			testcontainers.WithFiles(testcontainers.ContainerFile{HostFilePath: program, ContainerFilePath: "/dkr-ls", FileMode: 0o755}),
			testcontainers.WithHostConfigModifier(func(config *container.HostConfig) {
				config.NetworkMode = container.NetworkMode(network)
			}),
			testcontainers.WithWaitStrategyAndDeadline(startTimeout, wait.ForExit()),
		)
		logs, err := other.Logs(ctx)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(logs.Close)
		output, err := io.ReadAll(logs)
		Expect(err).NotTo(HaveOccurred())
		return string(output)
	}

	// where returns the shared engine's network, its address there, and this machine's.
	where := func(ctx SpecContext) (network, address, gateway string) {
		GinkgoHelper()
		inspected, err := suite.Host.client().ContainerInspect(ctx, suite.Brief.Container, client.ContainerInspectOptions{})
		Expect(err).NotTo(HaveOccurred())
		networks := inspected.Container.NetworkSettings.Networks
		Expect(networks).To(HaveLen(1))
		for name, endpoint := range networks {
			network, address, gateway = name, endpoint.IPAddress.String(), endpoint.Gateway.String()
		}
		return network, address, gateway
	}

	It("does not reach the engine", func(ctx SpecContext) {
		_, port, _ := strings.Cut(suite.Brief.Address, ":")
		_, address, gateway := where(ctx)
		for _, reached := range []string{address + ":2375", gateway + ":" + port} {
			Expect(list(ctx, "bridge", reached)).To(
				And(ContainSubstring("Error: "), Not(ContainSubstring("REPOSITORY"))), reached)
		}
	})

	It("would list its images if it did", func(ctx SpecContext) {
		network, address, _ := where(ctx)
		Expect(list(ctx, network, address+":2375")).To(ContainSubstring("mysql/mysql-server"))
	})
})
