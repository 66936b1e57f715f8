package suite

import (
	"time"

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

// nodeGroup is the group of the node that an environment's pod is on.
func nodeGroup(namespace, environment string) string {
	GinkgoHelper()
	node := kubectl("get", "pod", environment+"-0", "-n", namespace, "-o", "jsonpath={.spec.nodeName}")
	return kubectl("get", "node", node, "-o", `jsonpath={.metadata.labels.dev\.example\.com/group}`)
}

var _ = Describe("node groups", func() {
	It("puts an environment on the nodes of its group", func() {
		homesAnywhere(3)
		nodes("general", 1)
		nodes("high-memory-384", 1)
		nodes("gpu-4", 1)
		namespace := teamOnNodes("research", "general", "high-memory", "gpu")

		devEnv("launch", "small", "--team", "research", "--owner", "dev-a")
		devEnv("launch", "large", "--team", "research", "--owner", "dev-a", "--memory", "256Gi", "--cpu", "8")
		devEnv("launch", "train", "--team", "research", "--owner", "dev-a", "--gpu", "2")
		Expect(nodeGroup(namespace, "small")).To(Equal("general"))
		Expect(nodeGroup(namespace, "large")).To(Equal("high-memory"))
		Expect(nodeGroup(namespace, "train")).To(Equal("gpu"))
	})

	// Would a node of the pool take the pod that waits, and does nothing hold the node when that has gone? The scheduler answers, for
	// every pool; autoscaler_test.go has the autoscaler itself. Terraform's tests hold the tags that it reads against the same file.
	DescribeTable("from zero", func(pool string, size ...string) {
		homesAnywhere(1)
		namespace := teamOnNodes("research", "general", "high-memory", "gpu")
		GinkgoT().Setenv("DEVENV_TIMEOUT", "3")
		_, err := tryDevEnv(append([]string{"launch", "large", "--team", "research", "--owner", "dev-a"}, size...)...)
		Expect(err).To(MatchError(ContainSubstring("large has not started in 3 s: 0/1 nodes are available")))

		nodes(pool, 1)
		kubectl("wait", "pod", "large-0", "-n", namespace, "--for=condition=Ready", "--timeout=1m")
		Expect(kubectl("get", "pod", "large-0", "-n", namespace, "-o", "jsonpath={.spec.nodeName}")).To(Equal(pool + "-0"))
		devEnv("delete", "large", "--team", "research")
		Eventually(func() string {
			return kubectl("get", "pods", "--all-namespaces", "--field-selector", "spec.nodeName="+pool+"-0", "-o", "name")
		}).WithTimeout(time.Minute).Should(BeEmpty())
	},
		Entry("a general node takes the largest general environment", "general", "--cpu", "32", "--memory", "64Gi"),
		Entry("384 GiB take an environment of 256", "high-memory-384", "--cpu", "32", "--memory", "256Gi"),
		Entry("768 GiB take it too", "high-memory-768", "--cpu", "32", "--memory", "256Gi"),
		Entry("4 GPUs take an environment that wants all", "gpu-4", "--gpu", "4", "--cpu", "32", "--memory", "128Gi"),
		Entry("8 GPUs take the largest that is offered", "gpu-8", "--gpu", "8", "--cpu", "32", "--memory", "256Gi"),
	)

	It("refuses a group that the team has not, in words", func() {
		homesAnywhere(1)
		teamOnNodes("web", "general")
		_, err := tryDevEnv("launch", "large", "--team", "web", "--owner", "dev-a", "--memory", "256Gi")
		Expect(err).To(MatchError(ContainSubstring(
			"node group high-memory is not for team web: spec.nodeSelector; try: dev.example.com/group: general")))
	})

	It("stops a team at its quota and says so", func() {
		homesAnywhere(3)
		nodes("general", 1)
		namespace := teamOnNodes("web", "general")
		set(namespace, "quota.cpu=5", "quota.environments=2")

		Eventually(kubectl).WithArguments("get", "quota", "-n", namespace, "-o", `jsonpath={.items[*].status.hard}`).
			Should(And(ContainSubstring(`"requests.cpu":"5"`), ContainSubstring(`"count/statefulsets.apps":"2"`)))

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
		GinkgoT().Setenv("DEVENV_TIMEOUT", "5")
		launch := func(name, gpus string) error {
			_, err := tryDevEnv("launch", name, "--team", "research", "--owner", "dev-a", "--gpu", gpus)
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
