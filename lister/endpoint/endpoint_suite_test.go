package endpoint_test

import (
	"log/slog"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestEndpoint(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "lister/endpoint")
}

// env returns an environment of just these variables, and no docker config unless it names one.
func env(variables map[string]string) func(string) string {
	return func(name string) string {
		if value, ok := variables[name]; ok || name != "DOCKER_CONFIG" {
			return value
		}
		return "/nonexistent"
	}
}

func testLog() *slog.Logger {
	return slog.New(slog.NewTextHandler(GinkgoWriter, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
