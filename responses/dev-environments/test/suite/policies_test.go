package suite

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
)

var _ = Describe("an environment of a team", Ordered, ContinueOnFailure, func() {
	var namespace string
	var template corev1.PodTemplateSpec
	var statefulSet map[string]any

	BeforeAll(func() {
		homesAnywhere(1)
		nodes("general", 1)
		namespace = teamOnNodes("web", "general", "gpu")
		devEnv("launch", "shop", "--team", "web", "--owner", "dev-a")
		Expect(json.Unmarshal([]byte(kubectl("get", "statefulset", "shop", "-n", namespace, "-o", "json")), &statefulSet)).To(Succeed())
		delete(statefulSet["metadata"].(map[string]any), "resourceVersion") // its status changes meanwhile
	})

	BeforeEach(func() {
		template = corev1.PodTemplateSpec{}
		out := kubectl("get", "statefulset", "shop", "-n", namespace, "-o", "jsonpath={.spec.template}")
		Expect(json.Unmarshal([]byte(out), &template)).To(Succeed())
	})

	// try offers the template to the API server: as a StatefulSet's, and as a pod that somebody makes without one.
	try := func(kind string) error {
		object, verb := statefulSet, "replace"
		if kind == "StatefulSet" {
			object["spec"].(map[string]any)["template"] = template
		} else {
			labels := maps.Clone(template.Labels)
			labels["app.kubernetes.io/instance"] = "other"
			object, verb = map[string]any{"apiVersion": "v1", "kind": "Pod", "spec": template.Spec,
				"metadata": map[string]any{"name": "other-0", "namespace": namespace, "labels": labels}}, "create"
		}
		content, err := json.Marshal(object)
		Expect(err).NotTo(HaveOccurred())
		_, err = run(nil, string(content), "kubectl", verb, "--dry-run=server", "-f", "-")
		return err
	}

	DescribeTable("may not", func(change func(), message string) {
		Expect(try("StatefulSet")).To(Succeed())
		Expect(try("Pod")).To(Succeed())
		change()
		Expect(try("StatefulSet")).To(MatchError(ContainSubstring(message)))
		Expect(try("Pod")).To(MatchError(ContainSubstring(message)))
	},
		Entry("name no group", func() { template.Spec.NodeSelector = nil },
			"no node group: spec.nodeSelector; try: dev.example.com/group: general or gpu"),
		Entry("name a group that the team has not", func() { template.Spec.NodeSelector["dev.example.com/group"] = "high-memory" },
			"node group high-memory is not for team web"),
		Entry("tolerate everything", func() {
			template.Spec.Tolerations = []corev1.Toleration{{Operator: corev1.TolerationOpExists}}
		}, "a toleration for other nodes than those of group general"),
		Entry("tolerate all groups", func() {
			template.Spec.Tolerations[0].Operator, template.Spec.Tolerations[0].Value = corev1.TolerationOpExists, ""
		}, "a toleration for other nodes than those of group general"),
		Entry("tolerate another group of its team", func() { template.Spec.Tolerations[0].Value = "gpu" },
			"a toleration for other nodes than those of group general"),
		Entry("tolerate the taint of nodes that are being drained", func() {
			template.Spec.Tolerations = append(template.Spec.Tolerations,
				corev1.Toleration{Key: "node.kubernetes.io/unschedulable", Operator: corev1.TolerationOpExists})
		}, "a toleration for other nodes than those of group general"),
		Entry("choose its node", func() { template.Spec.NodeName = "gpu-4-0" },
			"a pod may not choose its node: spec.nodeName"),
		Entry("take a GPU in another group", func() {
			template.Spec.Containers[0].Resources.Limits["nvidia.com/gpu"] = template.Spec.Containers[0].Resources.Requests["cpu"]
		}, "GPUs are in group gpu only"),
		Entry("sit on a GPU node without a GPU", func() {
			template.Spec.NodeSelector["dev.example.com/group"] = "gpu"
			template.Spec.Tolerations[0].Value = "gpu"
			template.Labels["dev.example.com/group"] = "gpu"
		}, "group gpu is for environments with a GPU"),
		Entry("run an image of the catalogue by its tag, which moves", func() { template.Spec.Containers[0].Image, _, _ = strings.Cut(debian, "@") },
			"not in the catalogue, by digest: image registry.example.com/dev/environment:debian-13-"),
		Entry("run a digest that is not in the catalogue", func() {
			template.Spec.Containers[0].Image = "registry.example.com/dev/environment@sha256:" + strings.Repeat("0", 64)
		}, "not in the catalogue, by digest: image registry.example.com/dev/environment@sha256:000"),
		Entry("run a digest of the catalogue from elsewhere", func() { template.Spec.Containers[0].Image = strings.Replace(debian, "example.com", "example.net", 1) },
			"not in the catalogue, by digest: image registry.example.net/dev/"),
		Entry("run another image beside its own", func() { template.Spec.InitContainers[0].Image = "registry.example.com/dev/sessions:1.0.0" },
			"not in the catalogue, by digest: image registry.example.com/dev/sessions:1.0.0"),
		Entry("go before others", func() { template.Spec.PriorityClassName = "data" },
			"an environment may not go before others or push them off a node"),
		Entry("push others off", func() { template.Spec.PriorityClassName = "system-node-critical" },
			"an environment may not go before others or push them off a node"),
		Entry("have no owner", func() { delete(template.Labels, "dev.example.com/owner") },
			"nobody could say whose it is"),
		Entry("be another team's", func() { template.Labels["dev.example.com/team"] = "research" },
			"nobody could say whose it is"),
		Entry("be another group's in the records", func() { template.Labels["dev.example.com/group"] = "gpu" },
			"nobody could say whose it is"),
	)

	It("cannot get more rights when it runs", func() {
		_, err := tryKubectl("patch", "pod", "shop-0", "-n", namespace, "--type=json",
			"-p", `[{"op": "add", "path": "/spec/tolerations/-", "value": {"operator": "Exists"}}]`)
		Expect(err).To(MatchError(ContainSubstring("a toleration for other nodes than those of group general")))
	})

	It("is not measured as anything but an environment", func() {
		_, err := tryKubectl("label", "pod", "shop-0", "-n", namespace, "app.kubernetes.io/name=miner", "--overwrite")
		Expect(err).To(MatchError(ContainSubstring("nobody could say whose it is")))
	})

	It("is one pod or none, through every door", func() {
		const message = "an environment is one pod or none: spec.replicas"
		for _, replicas := range []string{"5", "2"} {
			_, err := tryKubectl("scale", "statefulset", "shop", "-n", namespace, "--replicas="+replicas)
			Expect(err).To(MatchError(ContainSubstring(message)))
		}
		_, err := tryKubectl("patch", "statefulset", "shop", "-n", namespace, "-p", `{"spec": {"replicas": 2}}`)
		Expect(err).To(MatchError(ContainSubstring(message)))

		kubectl("scale", "statefulset", "shop", "-n", namespace, "--replicas=0")
		kubectl("wait", "pod", "shop-0", "-n", namespace, "--for=delete", "--timeout=1m")
		kubectl("scale", "statefulset", "shop", "-n", namespace, "--replicas=1")
		Eventually(tryKubectl).WithArguments("wait", "pod", "shop-0", "-n", namespace, "--for=condition=Ready", "--timeout=1m").
			WithTimeout(time.Minute).Should(ContainSubstring("condition met"))
	})

	It("is not moved by a drain or the autoscaler", func() {
		eviction := fmt.Sprintf(`{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": "shop-0", "namespace": %q}}`, namespace)
		Eventually(func() error {
			_, err := run(nil, eviction, "kubectl", "create", "--raw", "/api/v1/namespaces/"+namespace+"/pods/shop-0/eviction", "-f", "-")
			return err
		}).Should(MatchError(ContainSubstring("Cannot evict pod as it would violate the pod's disruption budget")))
	})

	It("has its own name only, and no other way in", func() {
		_, err := tryKubectl("annotate", "service", "shop", "-n", namespace, "--overwrite",
			"external-dns.alpha.kubernetes.io/hostname=train.research.dev.example.com")
		Expect(err).To(MatchError(ContainSubstring("this name is not for this Service")))
		_, err = tryKubectl("create", "service", "loadbalancer", "door", "-n", namespace, "--tcp=22:2222")
		Expect(err).To(MatchError(ContainSubstring("an environment is reached by its pod's address")))
	})
})
