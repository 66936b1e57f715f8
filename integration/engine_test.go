package integration_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/docker/docker/api/types/versions"
	"github.com/moby/moby/client"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"

	"github.com/dkr-ls/dkr-ls/integration/fixture"
)

const (
	enginePort   = "2375/tcp"
	startTimeout = patience
)

// engine is a Docker engine in a container.
type engine struct {
	Container string // ID of the container
	Address   string // host:port of its API on this machine
	Name      string // with its version: "Docker 29.9.3"
	API       string // its newest API version: "1.52"
	Arch      string
	Store     fixture.Store
}

// Host is the value of DOCKER_HOST for this engine.
func (e engine) Host() string { return "tcp://" + e.Address }

// speaks reports whether an engine speaks this version of the API.
func (e engine) speaks(version string) bool { return versions.GreaterThanOrEqualTo(e.API, version) }

// dockerOnly skips a spec of what Podman does not do as Docker does.
func dockerOnly(podman string) {
	GinkgoHelper()
	if suite.Image.Podman {
		Skip(podman)
	}
}

// An engineReport is what a run's report says about the engine. hack/matrix.sh reads it.
type engineReport struct{ Engine, API, Store, Image string }

// storeName returns the store as DKR_LS_ENGINE_STORE names it.
func storeName(store fixture.Store) string {
	if store == fixture.Containerd {
		return "containerd"
	}
	return "graphdriver"
}

// startEngine starts an engine without images and has it removed at the end of
// the node that calls it: of the suite, of an Ordered container or of a spec.
//
// The dind module of testcontainers would serve with the official image alone: it wants --privileged, which
// not every machine allows, publishes the API on all addresses, and knows no Podman.
func startEngine(ctx SpecContext, options ...testcontainers.ContainerCustomizer) engine {
	GinkgoHelper()
	created := runContainer(ctx, suite.Image.Name, append([]testcontainers.ContainerCustomizer{
		ownNetwork(ctx),
		testcontainers.WithCmd(suite.Image.command()...),
		testcontainers.WithEnv(map[string]string{"DOCKER_TLS_CERTDIR": ""}),
		testcontainers.WithFiles(daemonConfig()...),
		testcontainers.WithExposedPorts(enginePort),
		testcontainers.WithHostConfigModifier(engineHostConfig),
		testcontainers.WithWaitStrategyAndDeadline(startTimeout, wait.ForHTTP("/_ping").WithPort(enginePort)),
	}, options...)...)

	address, err := created.PortEndpoint(ctx, enginePort, "")
	Expect(err).NotTo(HaveOccurred())
	e := engine{Container: created.GetContainerID(), Address: address}
	e.ask(ctx)
	if wanted := os.Getenv("DKR_LS_ENGINE_STORE"); wanted != "" {
		Expect(storeName(e.Store)).To(Equal(wanted), "DKR_LS_ENGINE_STORE: %s has another store", e.Name)
	}
	return e
}

// daemonConfig selects the image store that the environment asks for.
func daemonConfig() []testcontainers.ContainerFile {
	GinkgoHelper()
	store := os.Getenv("DKR_LS_ENGINE_STORE")
	if store == "" {
		return nil
	}
	Expect(store).To(BeElementOf("graphdriver", "containerd"), "DKR_LS_ENGINE_STORE")
	return []testcontainers.ContainerFile{{
		Reader:            strings.NewReader(fmt.Sprintf(`{"features":{"containerd-snapshotter":%t}}`, store == "containerd")),
		ContainerFilePath: "/etc/docker/daemon.json",
		FileMode:          0o644,
	}}
}

func (e engine) client() *client.Client {
	GinkgoHelper()
	docker, err := client.New(client.WithHost(e.Host()), client.WithTimeout(patience))
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(docker.Close)
	return docker
}

// ask fills in what only the engine itself can tell.
func (e *engine) ask(ctx context.Context) {
	GinkgoHelper()
	docker := e.client()
	version, err := docker.ServerVersion(ctx, client.ServerVersionOptions{})
	Expect(err).NotTo(HaveOccurred())
	e.Name, e.API, e.Arch = "Docker "+version.Version, version.APIVersion, version.Arch
	if suite.Image.Podman {
		e.Name = "Podman " + version.Version
	}

	info, err := docker.Info(ctx, client.InfoOptions{})
	Expect(err).NotTo(HaveOccurred())
	for _, status := range info.Info.DriverStatus {
		if status[0] == "driver-type" && status[1] == "io.containerd.snapshotter.v1" {
			e.Store = fixture.Containerd
		}
	}
}

// load makes the engine hold the images.
func (e engine) load(ctx context.Context, images []fixture.Image) []fixture.Built {
	GinkgoHelper()
	archive, err := fixture.Build(e.Arch, images)
	Expect(err).NotTo(HaveOccurred())
	var content bytes.Buffer
	_, err = archive.WriteTo(&content)
	Expect(err).NotTo(HaveOccurred())

	progress, err := e.client().ImageLoad(ctx, &content)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(progress.Close)
	// The status is sent before the loading begins: errors come in the stream.
	for decoder := json.NewDecoder(progress); ; {
		var message struct{ Error string }
		err := decoder.Decode(&message)
		if errors.Is(err, io.EOF) {
			return archive.Images()
		}
		Expect(err).NotTo(HaveOccurred())
		Expect(message.Error).To(BeEmpty())
	}
}
