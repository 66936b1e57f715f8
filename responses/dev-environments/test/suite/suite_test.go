// Package suite tries the whole system on a private Kubernetes cluster. ../cluster/cluster.sh runs it inside.
package suite

import (
	"regexp"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

func TestDevelopmentEnvironments(t *testing.T) {
	RegisterFailHandler(Fail)
	SetDefaultEventuallyTimeout(2 * time.Minute) // the machine may be busy
	SetDefaultEventuallyPollingInterval(time.Second)
	RunSpecs(t, "development environments")
}

// token is the sleeper's.
const token = "secret-of-the-suite"

// admitted has the node know an image by its digest, as if it came from a registry, and returns that name.
func admitted(name string) string {
	GinkgoHelper()
	digest := regexp.MustCompile(`sha256:[0-9a-f]{64}`).FindString(must("ctr", "--namespace", "k8s.io", "images", "ls", "name=="+name))
	Expect(digest).NotTo(BeEmpty(), name)
	must("ctr", "--namespace", "k8s.io", "images", "tag", name, name[:strings.LastIndex(name, ":")]+"@"+digest)
	return name + "@" + digest
}

// debian is the image that there is, by digest.
var debian string

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
	kubectl("create", "secret", "generic", "sleep-token", "-n", "platform", "--from-literal=token="+token)
	debian = admitted("registry.example.com/dev/environment:debian-13-trial")
	platform = append(platform, "--set", "catalogue.debian-13="+debian, "--set", "catalogue.sessions="+admitted("registry.example.com/dev/sessions:1.0.0"))
	must("helm", append([]string{"install", "dev-environments", "--wait"}, platform...)...)
})
