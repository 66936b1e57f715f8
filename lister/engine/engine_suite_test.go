package engine_test

import (
	"context"
	"encoding/pem"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gleak"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
	"github.com/dkr-ls/dkr-ls/lister/engine"
)

func TestEngine(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "lister/engine")
}

// No spec may leave a goroutine behind, so neither may the client.
var _ = BeforeEach(func() {
	before := gleak.Goroutines()
	DeferCleanup(func(ctx SpecContext) {
		Eventually(ctx, gleak.Goroutines).WithTimeout(10 * time.Second).ShouldNot(gleak.HaveLeaked(before))
	})
})

// needsUnix skips on Windows, aloud, what it does not have.
func needsUnix(what string) {
	if runtime.GOOS == "windows" {
		reason := "Windows has no " + what
		AddReportEntry(reason, ReportEntryVisibilityAlways)
		Skip(reason)
	}
}

// standIn returns the address of an engine on loopback that answers /_ping as one of API version, and
// the list of images with list, both with these headers. It ends with the spec.
func standIn(version string, list http.HandlerFunc, header ...string) (host string) {
	return serve(func(w http.ResponseWriter, r *http.Request) {
		for i := 1; i < len(header); i += 2 {
			w.Header().Set(header[i-1], header[i])
		}
		if r.URL.Path != "/_ping" {
			list(w, r)
			return
		}
		if version != "" {
			w.Header().Set("Api-Version", version)
		}
	})
}

// serve returns the address of a server on loopback, which ends with the spec.
func serve(handler http.HandlerFunc) (host string) {
	server := httptest.NewServer(handler)
	DeferCleanup(server.Close)
	return strings.Replace(server.URL, "http://", "tcp://", 1)
}

// answer returns a list that is just this body.
func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// writeCA writes the certificate of a server to ca.pem in a new folder, to trust it by.
func writeCA(server *httptest.Server) (folder string) {
	GinkgoHelper()
	folder = GinkgoT().TempDir()
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	Expect(os.WriteFile(filepath.Join(folder, "ca.pem"), text, 0o600)).To(Succeed())
	return folder
}

// locate returns the endpoint that options and variables choose. There is no docker config unless they name one.
func locate(options endpoint.Options, variables map[string]string) endpoint.Endpoint {
	GinkgoHelper()
	getenv := func(name string) string {
		if value, ok := variables[name]; ok || name != "DOCKER_CONFIG" {
			return value
		}
		return "/nonexistent"
	}
	ep, err := endpoint.Setup(options.Folder, getenv, testLog()).Locate(options)
	Expect(err).NotTo(HaveOccurred())
	ep.InContainer = false // even if the specs run in one
	return ep
}

// connect returns a client of the engine that options and variables choose.
func connect(options endpoint.Options, variables map[string]string) *engine.Client {
	GinkgoHelper()
	client, err := engine.NewClient(locate(options, variables), testLog())
	Expect(err).NotTo(HaveOccurred())
	return client
}

func testLog() *slog.Logger {
	return slog.New(slog.NewTextHandler(GinkgoWriter, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// list returns the images of the engine that options and variables choose, or what stopped them.
func list(ctx context.Context, options endpoint.Options, variables map[string]string) ([]lister.Image, error) {
	GinkgoHelper()
	return collect(connect(options, variables).Images(ctx, lister.Want{}))
}

// images returns those of the engine at host, or what stopped them.
func images(ctx context.Context, host string) ([]lister.Image, error) {
	GinkgoHelper()
	return list(ctx, endpoint.Options{Host: host}, nil)
}

// collect returns all images of a sequence, or the error that ends it.
func collect(sequence iter.Seq2[lister.Image, error]) ([]lister.Image, error) {
	all := []lister.Image{}
	for image, err := range sequence {
		if err != nil {
			return nil, err
		}
		all = append(all, image)
	}
	return all, nil
}
