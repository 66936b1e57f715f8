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

// node is a node of the pool as kwok takes it, with more labels and annotations: ", KEY: VALUE" each.
func (p pool) node(name, pool, labels, annotations string) string {
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
  name: %[1]s
  labels: {dev.example.com/group: %[2]s, suite.test/pool: %[3]s%[4]s}
  annotations: {kwok.x-k8s.io/node: fake%[5]s}
spec:
  taints: [{key: dev.example.com/group, value: %[2]s, effect: NoSchedule}%[6]s]
status: {capacity: %[7]s, allocatable: %[7]s}
`, name, p.Group, pool, labels, annotations, gpuTaint, resources)
}

// nodes adds n nodes of a pool, as the autoscaler would. Make them before the team: what is made last goes first.
func nodes(name string, n int) {
	GinkgoHelper()
	p, found := pools()[name]
	Expect(found).To(BeTrue(), "no pool %s", name)
	var manifests strings.Builder
	for i := range n {
		node := fmt.Sprintf("%s-%d", name, i)
		manifests.WriteString(p.node(node, name, ", kubernetes.io/hostname: "+node, ""))
	}
	apply(manifests.String())
	DeferCleanup(kubectl, "delete", "node", "-l", "suite.test/pool="+name, "--timeout=1m")
	kubectl("wait", "node", "-l", "suite.test/pool="+name, "--for=condition=Ready", "--timeout=1m")
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
