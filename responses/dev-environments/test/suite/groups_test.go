package suite

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
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

	It("refuses a group that the team has not, in words", func() {
		homesAnywhere(1)
		teamOnNodes("web", "general")
		_, err := tryDevEnv("launch", "large", "--team", "web", "--owner", "dev-a", "--memory", "256Gi")
		Expect(err).To(MatchError(ContainSubstring(
			"node group high-memory is not for team web: spec.nodeSelector; try: dev.example.com/group: general")))
	})

	Describe("an environment", Ordered, ContinueOnFailure, func() {
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
			Entry("run somebody else's image", func() { template.Spec.Containers[0].Image = "docker.io/library/debian:13" },
				"an environment runs the platform's images"),
			Entry("run an image that moves", func() { template.Spec.InitContainers[0].Image = "registry.example.com/dev/sessions:latest" },
				"an environment runs the platform's images"),
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

	It("stops a team at its quota and says so", func() {
		homesAnywhere(3)
		nodes("general", 1)
		namespace := teamOnNodes("web", "general")
		set(namespace, "quota.cpu=5", "quota.environments=2")

		devEnv("launch", "first", "--team", "web", "--owner", "dev-a", "--cpu", "4")
		_, err := tryDevEnv("launch", "second", "--team", "web", "--owner", "dev-b", "--cpu", "4")
		Expect(err).To(MatchError(And(ContainSubstring("exceeded quota: awake"), ContainSubstring("requests.cpu=4"), ContainSubstring("try: "))))
		_, err = tryDevEnv("launch", "third", "--team", "web", "--owner", "dev-b", "--cpu", "1")
		Expect(err).To(MatchError(ContainSubstring("exceeded quota: environments, requested: count/statefulsets.apps=1, used: count/statefulsets.apps=2")))
		devEnv("delete", "first", "--team", "web")
		devEnv("launch", "second", "--team", "web", "--owner", "dev-b", "--cpu", "4")
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

	It("lets people work in their own team, and change nothing that limits it", func() {
		homesAnywhere(2)
		nodes("general", 1)
		web, research := teamOnNodes("web", "general"), teamOnNodes("research", "general")
		logIn("dev-a", "web")
		as := func(args ...string) (string, error) {
			return run([]string{"KUBECONFIG=" + person}, "", "kubectl", args...)
		}

		By("launch, pin, unpin, wake, list, delete")
		devEnv("launch", "shop", "--team", "web")
		Expect(kubectl("get", "statefulset", "shop", "-n", web, "-o", `jsonpath={.metadata.labels.dev\.example\.com/owner}`)).To(Equal("dev-a"))
		devEnv("pin", "shop", "--team", "web")
		devEnv("unpin", "shop", "--team", "web")
		kubectl("scale", "statefulset", "shop", "-n", web, "--replicas=0")
		kubectl("wait", "pod", "shop-0", "-n", web, "--for=delete", "--timeout=1m")
		devEnv("wake", "shop", "--team", "web")
		Expect(devEnv("list", "--team", "web")).To(ContainSubstring("shop"))

		By("another team")
		_, err := tryDevEnv("launch", "shop", "--team", "research")
		Expect(err).To(MatchError(ContainSubstring("you may not run environments in team research")))
		_, err = as("get", "pods", "-n", research)
		Expect(err).To(MatchError(ContainSubstring("forbidden")))

		By("the limits")
		for _, forbidden := range [][]string{
			{"patch", "resourcequota", "awake", "-n", web, "-p", `{"spec": {"hard": {"requests.cpu": "9000"}}}`},
			{"delete", "limitrange", "team", "-n", web},
			{"delete", "networkpolicy", "closed", "-n", web},
			{"delete", "poddisruptionbudget", "environments", "-n", web},
			{"annotate", "namespace", web, "dev.example.com/groups=general,gpu", "--overwrite"},
			{"label", "namespace", web, "dev.example.com/team-"},
			{"get", "secrets", "-n", web},
			{"create", "secret", "generic", "ssh-keys", "-n", web, "--from-literal=dev-b=key"},
			{"create", "deployment", "miner", "-n", web, "--image=miner"},
			{"delete", "validatingadmissionpolicy", "environment-placement"},
		} {
			_, err := as(forbidden...)
			Expect(err).To(MatchError(ContainSubstring("forbidden")), strings.Join(forbidden, " "))
		}
		for _, action := range [][]string{{"create", "pods"}, {"create", "pods/binding"}, {"create", "pods/eviction"}, {"create", "bindings"}, {"create", "rolebindings"}} {
			out, _ := as("auth", "can-i", action[0], action[1], "-n", web)
			Expect(out).To(Equal("no"), strings.Join(action, " "))
		}
		devEnv("delete", "shop", "--team", "web", "--with-home")
	})

	It("places 300 environments at once", func() {
		homesAnywhere(300)
		for name, p := range pools() {
			nodes(name, p.MaxPerZone)
		}
		// 50 for each of 6 teams, who are all within their quotas.
		type batch struct {
			team, group string
			count       int
		}
		var batches []batch
		for _, name := range []string{"web", "shop"} {
			teamOnNodes(name, "general")
			batches = append(batches, batch{name, "general", 50})
		}
		for _, name := range []string{"data", "risk"} {
			teamOnNodes(name, "general", "high-memory")
			batches = append(batches, batch{name, "general", 38}, batch{name, "high-memory", 12})
		}
		for _, name := range []string{"vision", "speech"} {
			teamOnNodes(name, "general", "gpu")
			batches = append(batches, batch{name, "general", 42}, batch{name, "gpu", 8})
		}
		sizes := map[string]string{
			"general": "cpu=2,memory=4Gi", "high-memory": "cpu=8,memory=128Gi", "gpu": "cpu=4,memory=16Gi,gpu=1",
		}
		// All six at once; one after the other takes minutes.
		DeferCleanup(kubectl, "delete", "namespaces", "-l", "dev.example.com/team in (web, shop, data, risk, vision, speech)", "--wait=false")
		manifests := map[string]string{}
		for _, b := range batches {
			one := must("helm", "template", "template-name", root+"/chart", "--namespace", "team-"+b.team,
				"--set", "owner=dev-a,team="+b.team+",group="+b.group+","+sizes[b.group],
				"--set", "image.tag=none,home.storageClass="+storageClass)
			for i := range b.count {
				manifests[b.team] += strings.ReplaceAll(one, "template-name", fmt.Sprintf("%s-%d", b.group, i)) + "\n"
			}
		}

		start := time.Now()
		var all sync.WaitGroup
		for name, manifest := range manifests {
			all.Go(func() {
				defer GinkgoRecover()
				// When two write a quota in the same moment, one of them is told to try again: devenv does, and so does this.
				for {
					_, err := run(nil, manifest, "kubectl", "apply", "--server-side", "-f", "-", "--namespace", "team-"+name)
					if err == nil || !strings.Contains(err.Error(), "the object has been modified") {
						Expect(err).NotTo(HaveOccurred())
						return
					}
				}
			})
		}
		all.Wait()
		asked := time.Since(start)

		for name := range manifests {
			kubectl("wait", "statefulsets", "--all", "-n", "team-"+name, "--for=jsonpath={.status.readyReplicas}=1", "--timeout=4m")
		}
		running := time.Since(start)

		groupOf, used, last := map[string]string{}, map[string]int{}, start
		for line := range strings.Lines(kubectl("get", "nodes", "-o", `jsonpath={range .items[*]}{.metadata.name} {.metadata.labels.dev\.example\.com/group}{"\n"}{end}`)) {
			node := strings.Fields(line)
			groupOf[node[0]] = node[1]
		}
		for name := range manifests {
			for line := range strings.Lines(kubectl("get", "pods", "-n", "team-"+name, "-o", `jsonpath={range .items[*]}`+
				`{.metadata.labels.dev\.example\.com/group} {.spec.nodeName} {.status.conditions[?(@.type=="PodScheduled")].lastTransitionTime}{"\n"}{end}`)) {
				pod := strings.Fields(line)
				Expect(groupOf[pod[1]]).To(Equal(pod[0]), "on "+pod[1])
				used[pod[0]]++
				scheduled, err := time.Parse(time.RFC3339, pod[2])
				Expect(err).NotTo(HaveOccurred())
				if scheduled.After(last) {
					last = scheduled
				}
			}
		}
		Expect(used).To(Equal(map[string]int{"general": 260, "high-memory": 24, "gpu": 16}))
		AddReportEntry("300 environments", fmt.Sprintf("asked for in %.1f s, the last on a node after %.0f s, all running after %.1f s: %v",
			asked.Seconds(), last.Sub(start).Seconds(), running.Seconds(), used), ReportEntryVisibilityAlways)

		By("a 51st being refused")
		_, err := tryDevEnv("launch", "one-more", "--team", "web", "--owner", "dev-a")
		Expect(err).To(MatchError(ContainSubstring("exceeded quota: environments")))
	})
})
