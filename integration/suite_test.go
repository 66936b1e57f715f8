// Package integration_test is the manual of dkr-ls as specs: the built program on real engines.
//
// Each engine runs in a container of its own and is removed at the end. One of them holds the images of
// the examples; all processes share it, so specs only read from it. A spec that needs other images starts
// its own engine.
//
// The environment may choose what to run on:
//
//	DKR_LS_ENGINE_IMAGE  the image of the engine, such as docker:27-dind, or one of hack/engine-image.sh
//	DKR_LS_ENGINE_STORE  graphdriver or containerd; unset: the engine's default
package integration_test

import (
	"encoding/json"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

const (
	// patience bounds each wait for what takes about a second on a machine that does nothing else.
	patience = 2 * time.Minute
	// cleanupTimeout bounds the removal of a container or a network.
	cleanupTimeout = time.Minute
	// setupTimeout is generous: the engine image may have to be pulled or made.
	setupTimeout = 15 * time.Minute
)

func TestIntegration(t *testing.T) {
	// The reader of the output may exit first, as in an interrupted `go test | tee`.
	// Writing to the closed pipe would then kill this process before it has cleaned up.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)

	RegisterFailHandler(Fail)
	SetDefaultEventuallyTimeout(patience)
	EnforceDefaultTimeoutsWhenUsingContexts()
	config, reporter := GinkgoConfiguration()
	if end, ok := t.Deadline(); ok { // go test panics then, and nothing would be removed
		config.Timeout = min(config.Timeout, time.Until(end)-2*cleanupTimeout)
	}
	RunSpecs(t, "integration", config, reporter)
}

// suite is what process 1 prepares for all processes. Specs do not change it.
var suite struct {
	Host   host            // where containers run
	Binary string          // path of the built dkr-ls
	Image  engineImage     // what engines are started from
	Brief  engine          // the engine that holds the examples' images
	Images []fixture.Built // the examples' images, newest first
}

var _ = SynchronizedBeforeSuite(func(ctx SpecContext) []byte {
	DeferCleanup(gexec.CleanupBuildArtifacts) // at the end of all processes
	suite.Host = findHost(ctx)
	suite.Host.configureTestcontainers()
	suite.Image = chooseEngineImage(ctx)
	suite.Binary = build("cmd/dkr-ls")
	suite.Brief = startEngine(ctx)
	suite.Images = suite.Brief.load(ctx, fixture.Brief(time.Now()))
	AddReportEntry("engine", engineReport{suite.Brief.Name, suite.Brief.API, storeName(suite.Brief.Store), suite.Image.Name})

	data, err := json.Marshal(suite)
	Expect(err).NotTo(HaveOccurred())
	return data
}, func(_ SpecContext, data []byte) {
	DeferCleanup(gexec.CleanupBuildArtifacts) // of the other processes
	Expect(json.Unmarshal(data, &suite)).To(Succeed())
	suite.Host.configureTestcontainers()
}, NodeTimeout(setupTimeout))

// build builds a program of this repository, in an environment with these variables, and returns its path.
func build(path string, variables ...string) string {
	GinkgoHelper()
	binary, err := gexec.BuildWithEnvironment("github.com/dkr-ls/dkr-ls/"+path, variables)
	Expect(err).NotTo(HaveOccurred())
	return binary
}

// buildForEngine builds a program that runs in an engine's container, whatever this machine is.
func buildForEngine(path string) string {
	GinkgoHelper()
	return build(path, "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+suite.Brief.Arch)
}
