package suite

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
	"sigs.k8s.io/yaml"
)

// The autoscaler itself, as ../../node-groups configures it, with Terraform's pools in two zones: a node group for each, from zero.
// Its nodes are kwok's instead of AWS'.
var _ = Describe("the autoscaler", Ordered, func() {
	const zone = "us-east-1b"
	var autoscaler *gexec.Session
	var namespace string

	// scaled is the nodes that it has made.
	scaled := func() []string {
		GinkgoHelper()
		return strings.Fields(kubectl("get", "nodes", "-l", "topology.kubernetes.io/zone", "-o", "jsonpath={.items[*].metadata.name}"))
	}
	gone := func() {
		GinkgoHelper()
		Eventually(scaled).Should(BeEmpty())
	}

	BeforeAll(func(ctx SpecContext) {
		if _, err := exec.LookPath("cluster-autoscaler"); err != nil {
			Skip("there is no autoscaler: neither GitHub nor a clone of it was there; try: CLONES=a folder with clones")
		}
		var templates strings.Builder
		for name, p := range pools() {
			for _, zone := range []string{"us-east-1a", zone} {
				templates.WriteString(p.template(name, zone))
			}
		}
		kubectl("create", "configmap", "kwok-provider-templates", "-n", "kube-system", "--from-file=templates="+temporary("templates", templates.String()))
		kubectl("create", "configmap", "kwok-provider-config", "-n", "kube-system", "--from-file=config="+temporary("config", `
apiVersion: v1alpha1
readNodesFrom: configmap
configmap: {name: kwok-provider-templates}
nodegroups: {fromNodeAnnotationKey: cluster-autoscaler.kwok.nodegroup/name}
nodes: {skipTaint: true}
`))
		DeferCleanup(func() {
			kubectl("delete", "configmaps", "kwok-provider-templates", "kwok-provider-config", "-n", "kube-system")
			kubectl("delete", "nodes", "-l", "topology.kubernetes.io/zone", "--timeout=3m")
		})

		var values struct {
			Flags map[string]any `json:"extraArgs"`
		}
		Expect(yaml.Unmarshal([]byte(edited("node-groups/cluster-autoscaler.yaml",
			"scale-down-unneeded-time: 10m", "scale-down-unneeded-time: 3s",
			"scale-down-delay-after-add: 10m", "scale-down-delay-after-add: 3s")), &values)).To(Succeed())
		flags := []string{"--cloud-provider=kwok", "--kubeconfig=" + os.Getenv("KUBECONFIG"), "--leader-elect=false", "--v=2",
			"--scan-interval=1s", "--unremovable-node-recheck-timeout=3s"}
		for flag, value := range values.Flags {
			flags = append(flags, fmt.Sprintf("--%s=%v", flag, value))
		}
		GinkgoT().Setenv("KWOK_PROVIDER_MODE", "local")
		GinkgoT().Setenv("POD_NAMESPACE", "kube-system")
		autoscaler = start("cluster-autoscaler", flags...)
		answers(ctx, "http://127.0.0.1:8085/health-check")

		homesIn(zone, 8)
		namespace = team("research", "general", "high-memory", "gpu")
		set(namespace, "quota.gpu=32")
		DeferCleanup(func() { // while kwok ends the pods; or the namespace would wait for their grace period
			kubectl("delete", "statefulsets", "--all", "-n", namespace, "--wait=false")
			kubectl("wait", "pods", "--all", "-n", namespace, "--for=delete", "--timeout=3m")
		})
	})

	DescribeTable("grows a group from zero where the home is, and shrinks it to zero", func(pool string, size ...string) {
		devEnv(append([]string{"launch", pool, "--team", "research", "--owner", "dev-a"}, size...)...)
		node := kubectl("get", "pod", pool+"-0", "-n", namespace, "-o", "jsonpath={.spec.nodeName}")
		Expect(node).To(HavePrefix(pool + "-" + zone + "-"))
		Expect(scaled()).To(ConsistOf(node))
		Expect(kubectl("get", "events", "-n", namespace, "--field-selector", "involvedObject.name="+pool+"-0,reason=TriggeredScaleUp", "-o", "jsonpath={.items[*].message}")).
			To(Equal(fmt.Sprintf("pod triggered scale-up: [{%s-%s 0->1 (max: %d)}]", pool, zone, pools()[pool].MaxPerZone)))
		devEnv("delete", pool, "--team", "research")
		gone()
	},
		Entry("general", "general", "--cpu", "32", "--memory", "64Gi"),
		Entry("256 GiB: 384 leave less unused than 768", "high-memory-384", "--cpu", "32", "--memory", "256Gi"),
		Entry("4 GPUs: 8 would leave 4 unused", "gpu-4", "--gpu", "4", "--cpu", "32", "--memory", "128Gi"),
		Entry("8 GPUs", "gpu-8", "--gpu", "8", "--cpu", "32", "--memory", "256Gi"),
	)

	It("keeps to a pool's maximum, and a person reads why no more comes", func() {
		most := pools()["gpu-8"].MaxPerZone
		launch := func(name string) []string {
			return []string{"launch", name, "--team", "research", "--owner", "dev-a", "--gpu", "8", "--cpu", "4", "--memory", "16Gi"}
		}
		for i := range most {
			devEnv(launch(fmt.Sprintf("train-%d", i))...)
		}
		late := start("devenv", launch("late")...)
		// It waits half a minute for more, with GPUs.
		Eventually(late.Err).Should(gbytes.Say("Insufficient nvidia.com/gpu.* Autoscaler: pod didn't trigger scale-up: .*1 max node group size reached"))
		Expect(scaled()).To(HaveLen(most))

		By("one being given back")
		devEnv("delete", "train-0", "--team", "research")
		Eventually(late).Should(gexec.Exit(0))
		kubectl("delete", "statefulsets", "--all", "-n", namespace)
		gone()
	})

	It("leaves a node with a running environment, however little it uses", func() {
		devEnv("launch", "small", "--team", "research", "--owner", "dev-a")
		node := kubectl("get", "pod", "small-0", "-n", namespace, "-o", "jsonpath={.spec.nodeName}")
		Eventually(autoscaler.Err).Should(gbytes.Say("Node " + node + " cannot be removed: "))
		Expect(scaled()).To(ConsistOf(node))
		devEnv("delete", "small", "--team", "research")
		gone()
	})
})

type pool struct {
	Group       string
	CPU         int
	Allocatable int `json:"allocatable_gib"`
	GPU         int
	MaxPerZone  int `json:"max_per_zone"`
}

// pools is what Terraform reads too.
func pools() map[string]pool {
	GinkgoHelper()
	var file struct{ Pools map[string]pool }
	content, err := os.ReadFile(root + "/node-groups/pools.auto.tfvars.json")
	Expect(err).NotTo(HaveOccurred())
	Expect(json.Unmarshal(content, &file)).To(Succeed())
	return file.Pools
}

// template is what kwok makes nodes of, in a zone.
func (p pool) template(name, zone string) string {
	gpus, gpuTaint := "", ""
	if p.GPU > 0 {
		gpus = fmt.Sprintf(", nvidia.com/gpu: %d", p.GPU)
		gpuTaint = ", {key: nvidia.com/gpu, value: present, effect: NoSchedule}"
	}
	resources := fmt.Sprintf("{cpu: %d, memory: %dGi, pods: 110, ephemeral-storage: 200Gi%s}", p.CPU, p.Allocatable, gpus)
	return fmt.Sprintf(`---
apiVersion: v1
kind: Node
metadata:
  name: template
  labels: {dev.example.com/group: %[3]s, topology.kubernetes.io/zone: %[2]s}
  annotations:
    kwok.x-k8s.io/node: fake
    cluster-autoscaler.kwok.nodegroup/name: %[1]s-%[2]s
    cluster-autoscaler.kwok.nodegroup/max-count: "%[4]d"
spec:
  taints: [{key: dev.example.com/group, value: %[3]s, effect: NoSchedule}%[5]s]
status: {capacity: %[6]s, allocatable: %[6]s}
`, name, zone, p.Group, p.MaxPerZone, gpuTaint, resources)
}
