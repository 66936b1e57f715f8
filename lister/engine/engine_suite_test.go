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

// env returns an environment of just these variables, and no docker config unless it names one.
func env(variables map[string]string) func(string) string {
	return func(name string) string {
		if value, ok := variables[name]; ok || name != "DOCKER_CONFIG" {
			return value
		}
		return "/nonexistent"
	}
}

// standIn returns the address of an engine on loopback that answers /_ping as one of API version, and
// the list of images with list. It ends with the spec.
func standIn(version string, list http.HandlerFunc, header ...string) (host string) {
	GinkgoHelper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_ping", func(w http.ResponseWriter, _ *http.Request) {
		if version != "" {
			w.Header().Set("Api-Version", version)
		}
		for i := 1; i < len(header); i += 2 {
			w.Header().Set(header[i-1], header[i])
		}
	})
	mux.HandleFunc("GET /{version}/images/json", list)
	mux.HandleFunc("GET /images/json", list)
	return serve(mux)
}

// serve returns the address of a server on loopback, which ends with the spec.
func serve(handler http.Handler) (host string) {
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

// writeCA writes the certificate of a server to a file, to trust it by.
func writeCA(server *httptest.Server) (path string) {
	GinkgoHelper()
	path = filepath.Join(GinkgoT().TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	Expect(os.WriteFile(path, text, 0o600)).To(Succeed())
	return path
}

// connect makes a client of the engine that options and variables choose.
func connect(options endpoint.Options, variables map[string]string) *engine.Client {
	GinkgoHelper()
	ep, err := endpoint.Locate(options, env(variables), testLog())
	Expect(err).NotTo(HaveOccurred())
	ep.InContainer = false // even if the specs run in one
	client, err := engine.NewClient(ep, testLog())
	Expect(err).NotTo(HaveOccurred())
	return client
}

// list returns the images of the engine that options and variables choose, or what stopped them.
func list(ctx context.Context, options endpoint.Options, variables map[string]string) ([]lister.Image, error) {
	GinkgoHelper()
	return collect(connect(options, variables).Images(ctx, lister.Want{}))
}

func testLog() *slog.Logger {
	return slog.New(slog.NewTextHandler(GinkgoWriter, &slog.HandlerOptions{Level: slog.LevelDebug}))
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
