package suite

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// The scheduler, the quotas and the policies are real; the nodes are kwok's, as large as the ones that Terraform would make.

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

// nodes adds n nodes of a pool, as the autoscaler would. Make them before the team: what is made last goes first.
func nodes(name string, n int) {
	GinkgoHelper()
	p, found := pools()[name]
	Expect(found).To(BeTrue(), "no pool %s", name)
	gpus, gpuTaint := "", ""
	if p.GPU > 0 {
		gpus = fmt.Sprintf(", nvidia.com/gpu: %d", p.GPU)
		gpuTaint = ", {key: nvidia.com/gpu, value: present, effect: NoSchedule}"
	}
	var manifests strings.Builder
	for i := range n {
		resources := fmt.Sprintf("{cpu: %d, memory: %dGi, pods: 110, ephemeral-storage: 200Gi%s}", p.CPU, p.Allocatable, gpus)
		fmt.Fprintf(&manifests, `---
apiVersion: v1
kind: Node
metadata:
  name: %[1]s-%[2]d
  labels: {dev.example.com/group: %[3]s, kubernetes.io/hostname: %[1]s-%[2]d, suite.test/pool: %[1]s}
  annotations: {kwok.x-k8s.io/node: fake}
spec:
  taints: [{key: dev.example.com/group, value: %[3]s, effect: NoSchedule}%[4]s]
status: {capacity: %[5]s, allocatable: %[5]s}
`, name, i, p.Group, gpuTaint, resources)
	}
	create(manifests.String())
	DeferCleanup(kubectl, "delete", "node", "-l", "suite.test/pool="+name, "--timeout=1m")
	kubectl("wait", "node", "-l", "suite.test/pool="+name, "--for=condition=Ready", "--timeout=1m")
}

// homesAnywhere is homes for kwok's nodes: volumes that each of them has, with nothing in them. The real node has none.
func homesAnywhere(n int) {
	GinkgoHelper()
	volumes("anywhere", n, func(string) string {
		return `
  capacity: {storage: 10Gi}
  hostPath: {path: /nowhere}
  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: suite.test/pool, operator: Exists}]}]}} # nothing real starts
`
	})
}

// teamOnNodes is team for environments on kwok's nodes. They are gone before the namespace is, which waits for no grace period then.
func teamOnNodes(name string, groups ...string) string {
	GinkgoHelper()
	namespace := team(name, groups...)
	DeferCleanup(func() {
		kubectl("delete", "statefulsets", "--all", "-n", namespace, "--wait=false")
		kubectl("wait", "pods", "--all", "-n", namespace, "--for=delete", "--timeout=2m")
	})
	return namespace
}
