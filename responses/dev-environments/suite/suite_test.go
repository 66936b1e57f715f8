// Package suite tries the whole system on a private Kubernetes cluster. ../cluster/cluster.sh runs it inside.
package suite

import (
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestDevelopmentEnvironments(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "development environments")
}

var _ = BeforeSuite(func() {
	kubectl("apply", "-f", root+"/teams/platform.yaml")
})
