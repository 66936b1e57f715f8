package suite

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// set changes values of a team's chart.
func set(namespace string, values ...string) {
	GinkgoHelper()
	args := []string{"upgrade", namespace, root + "/deploy/team", "--namespace", "default", "--reuse-values"}
	for _, value := range values {
		args = append(args, "--set", value)
	}
	must("helm", args...)
}

var _ = Describe("node groups", func() {
	It("is not moved by a drain or the autoscaler", func() {
		homesAnywhere(1)
		nodes("general", 1)
		namespace := teamOnNodes("web", "general")
		devEnv("launch", "shop", "--team", "web", "--owner", "dev-a")
		eviction := fmt.Sprintf(`{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "shop-0", "namespace": %q}}`, namespace)
		Eventually(func() error {
			_, err := run(nil, eviction, "kubectl", "create", "--raw", "/api/v1/namespaces/"+namespace+"/pods/shop-0/eviction", "-f", "-")
			return err
		}).Should(MatchError(ContainSubstring("Cannot evict pod as it would violate the pod's disruption budget")))
	})

	It("stops a team at its quota and says so", func() {
		homesAnywhere(3)
		nodes("general", 1)
		namespace := teamOnNodes("web", "general")
		set(namespace, "quota.cpu=6", "quota.environments=2") // each environment's session counter takes 10m too

		Eventually(kubectl).WithArguments("get", "quota", "-n", namespace, "-o", `jsonpath={.items[*].status.hard}`).
			Should(And(ContainSubstring(`"requests.cpu":"6"`), ContainSubstring(`"count/statefulsets.apps":"2"`)))

		devEnv("launch", "first", "--team", "web", "--owner", "dev-a", "--cpu", "4")
		_, err := tryDevEnv("launch", "second", "--team", "web", "--owner", "dev-b", "--cpu", "4")
		Expect(err).To(MatchError(And(ContainSubstring("exceeded quota: awake"), ContainSubstring("requests.cpu=4"), ContainSubstring("try: "))))
		devEnv("launch", "second", "--team", "web", "--owner", "dev-b", "--cpu", "1")
		_, err = tryDevEnv("launch", "third", "--team", "web", "--owner", "dev-b", "--cpu", "1")
		Expect(err).To(MatchError(ContainSubstring("exceeded quota: environments, requested: count/statefulsets.apps=1, used: count/statefulsets.apps=2")))
		Expect(kubectl("get", "services,persistentvolumeclaims", "-n", namespace, "-l", "app.kubernetes.io/instance=third", "-o", "name")).To(BeEmpty())
	})

	It("waits for a GPU, says why, and starts when there is one", func() {
		homesAnywhere(3)
		nodes("general", 1)
		namespace := teamOnNodes("research", "general", "gpu")
		set(namespace, "quota.gpu=32")
		launch := func(name, gpus string) error {
			_, err := tryDevEnv("launch", name, "--team", "research", "--owner", "dev-a", "--timeout", "5s", "--gpu", gpus)
			return err
		}
		reason := func(name string) func() string {
			return func() string {
				return kubectl("get", "events", "-n", namespace, "--field-selector", "involvedObject.name="+name+"-0,reason=FailedScheduling",
					"-o", "jsonpath={.items[*].message}")
			}
		}

		By("asking where there is none")
		Expect(launch("first", "4")).To(MatchError(ContainSubstring("first has not started in 5 s: 0/2 nodes are available")))
		Expect(kubectl("get", "pod", "first-0", "-n", namespace, "-o", "jsonpath={.status.phase}")).To(Equal("Pending"))
		Expect(reason("first")()).To(ContainSubstring("0/2 nodes are available: 2 node(s) had untolerated taint(s)"))

		By("a node coming")
		nodes("gpu-4", 1)
		kubectl("wait", "pod", "first-0", "-n", namespace, "--for=condition=Ready", "--timeout=1m")

		By("asking when all are taken")
		Expect(launch("second", "1")).To(MatchError(ContainSubstring("Insufficient nvidia.com/gpu")))
		Expect(reason("second")()).To(ContainSubstring("1 Insufficient nvidia.com/gpu"))

		By("one being given back")
		devEnv("delete", "first", "--team", "research")
		kubectl("wait", "pod", "second-0", "-n", namespace, "--for=condition=Ready", "--timeout=1m")
		devEnv("delete", "second", "--team", "research")
		kubectl("wait", "pod", "-n", namespace, "--all", "--for=delete", "--timeout=1m")
	})
})
