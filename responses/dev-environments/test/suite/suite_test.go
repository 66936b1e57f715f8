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

// token is the shrinker's.
const token = "secret-of-the-suite"

// platform is the chart with the suite's values, for helm.
var platform = []string{root + "/deploy", "--namespace", "platform", "--values", root + "/deploy/kind.yaml", "--values", root + "/test/values.yaml"}

// part is one template of the chart, with more values: --set, KEY=VALUE and so on.
func part(template string, values ...string) string {
	GinkgoHelper()
	args := append([]string{"template", "dev-environments", "--kube-version", "1.36.0", "--show-only", "templates/" + template}, values...)
	return must("helm", append(args, platform...)...)
}

// The platform is installed as README.md says, once: each spec has teams of its own.
var _ = BeforeSuite(func() {
	kubectl("create", "namespace", "platform")
	kubectl("label", "namespace", "platform", "pod-security.kubernetes.io/enforce=restricted")
	kubectl("create", "secret", "generic", "shrink-token", "-n", "platform", "--from-literal=token="+token)
	must("helm", append([]string{"install", "dev-environments", "--wait"}, platform...)...)
})
