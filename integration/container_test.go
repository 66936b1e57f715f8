package integration_test

import (
	"context"
	"io"
	"net/netip"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/testcontainers/testcontainers-go"
	tcnetwork "github.com/testcontainers/testcontainers-go/network"
	"github.com/testcontainers/testcontainers-go/wait"
)

// runContainer starts a container and has it removed with its anonymous volumes.
func runContainer(ctx SpecContext, image string, options ...testcontainers.ContainerCustomizer) testcontainers.Container {
	GinkgoHelper()
	// Creating must not be cut short by an interrupt: the answer holds the ID
	// that is needed to remove the container. Starting and waiting may be.
	created, err := testcontainers.Run(context.WithoutCancel(ctx), image, append(options, testcontainers.WithNoStart())...)
	DeferCleanup(func(ctx SpecContext) {
		Expect(testcontainers.TerminateContainer(created,
			testcontainers.StopContext(ctx), testcontainers.StopTimeout(0))).To(Succeed())
	}, NodeTimeout(cleanupTimeout))
	Expect(err).NotTo(HaveOccurred())
	Expect(created.Start(ctx)).To(Succeed())
	return created
}

// runToEnd runs a container to its end, and returns its status and what it has printed on both streams.
func runToEnd(ctx SpecContext, image string, options ...testcontainers.ContainerCustomizer) (status int, output string) {
	GinkgoHelper()
	created := runContainer(ctx, image, append(options, testcontainers.WithWaitStrategyAndDeadline(startTimeout, wait.ForExit()))...)
	state, err := created.State(ctx)
	Expect(err).NotTo(HaveOccurred())
	logs, err := created.Logs(ctx)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(logs.Close)
	text, err := io.ReadAll(logs)
	Expect(err).NotTo(HaveOccurred())
	return state.ExitCode, string(text)
}

// ownNetwork gives a container a network of its own, in which no other container
// of this machine reaches it. Engines need that: whoever reaches the API of one
// without TLS may do there what he likes.
func ownNetwork(ctx SpecContext) testcontainers.CustomizeRequestOption {
	GinkgoHelper()
	created, err := tcnetwork.New(context.WithoutCancel(ctx))
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func(ctx SpecContext) {
		Expect(created.Remove(ctx)).To(Succeed())
	}, NodeTimeout(cleanupTimeout))
	return tcnetwork.WithNetwork(nil, created)
}

// engineHostConfig publishes an engine's port on this machine's loopback address
// only, and gives the engine what it needs to run.
func engineHostConfig(config *container.HostConfig) {
	config.PortBindings = network.PortMap{
		network.MustParsePort(enginePort): {{HostIP: netip.MustParseAddr("127.0.0.1")}},
	}
	if suite.Image.Official {
		config.Privileged = true
		return
	}
	config.CapAdd = []string{"SYS_ADMIN", "NET_ADMIN", "MKNOD", "SYS_CHROOT"}
	config.SecurityOpt = []string{"seccomp=unconfined", "apparmor=unconfined"}
}
