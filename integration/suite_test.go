// Package integration_test runs the built dkr-ls against real Docker engines.
//
// Each engine runs in a container of its own and is removed at the end. One of
// them holds the images of the examples; all processes share it, so specs only
// read from it. A spec that needs other images starts its own engine.
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

func TestIntegration(t *testing.T) {
	// The reader of the output may exit first, as in an interrupted `go test | tee`.
	// Writing to the closed pipe would then kill this process before it has cleaned up.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)

	RegisterFailHandler(Fail)
	RunSpecs(t, "integration")
}

// suite is what process 1 prepares for all processes. Specs do not change it.
var suite struct {
	Host   host            // where containers run
	Binary string          // path of the built dkr-ls
	Image  engineImage     // what engines are started from
	Brief  engine          // the engine that holds the examples' images
	Images []fixture.Built // the examples' images, newest first
}

// setupTimeout is generous: the engine image may have to be pulled or made.
const setupTimeout = 15 * time.Minute

var _ = SynchronizedBeforeSuite(func(ctx SpecContext) []byte {
	suite.Host = findHost(ctx)
	suite.Host.configureTestcontainers()
	suite.Image = chooseEngineImage(ctx)

	DeferCleanup(gexec.CleanupBuildArtifacts)
	binary, err := gexec.Build("github.com/dkr-ls/dkr-ls/cmd/dkr-ls")
	Expect(err).NotTo(HaveOccurred())
	suite.Binary = binary

	suite.Brief = startEngine(ctx)
	suite.Images = suite.Brief.load(ctx, fixture.Brief(time.Now()))
	AddReportEntry("engine", reportOf(suite.Brief), ReportEntryVisibilityAlways)

	data, err := json.Marshal(suite)
	Expect(err).NotTo(HaveOccurred())
	return data
}, func(_ SpecContext, data []byte) {
	// Each process has build artifacts of its own.
	DeferCleanup(gexec.CleanupBuildArtifacts)
	Expect(json.Unmarshal(data, &suite)).To(Succeed())
	suite.Host.configureTestcontainers()
}, NodeTimeout(setupTimeout))
