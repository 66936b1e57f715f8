package suite

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/client-go/tools/clientcmd"

	"dev-environments.test/environments"
)

var _ = It("places 300 environments at once", func() {
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
	sizes := map[string]environments.Choices{
		"general": {"cpu": "2", "memory": "4Gi"}, "high-memory": {"cpu": "8", "memory": "128Gi"}, "gpu": {"cpu": "4", "memory": "16Gi", "gpu": "1"},
	}
	// All six at once; one after the other takes minutes.
	DeferCleanup(kubectl, "delete", "namespaces", "-l", "dev.example.com/team in (web, shop, data, risk, vision, speech)", "--wait=false")
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	Expect(err).NotTo(HaveOccurred())

	start := time.Now()
	var all sync.WaitGroup
	names := map[string]bool{}
	for _, b := range batches {
		names[b.team] = true
		client, err := environments.New(config)
		Expect(err).NotTo(HaveOccurred())
		all.Go(func() {
			defer GinkgoRecover()
			for i := range b.count {
				Expect(client.Launch(context.Background(), b.team, fmt.Sprintf("%s-%d", b.group, i), "dev-a", sizes[b.group])).To(Succeed())
			}
		})
	}
	all.Wait()
	asked := time.Since(start)

	for name := range names {
		kubectl("wait", "statefulsets", "--all", "-n", "team-"+name, "--for=jsonpath={.status.readyReplicas}=1", "--timeout=4m")
	}
	running := time.Since(start)

	groupOf, used, last := map[string]string{}, map[string]int{}, start
	for line := range strings.Lines(kubectl("get", "nodes", "-o", `jsonpath={range .items[*]}{.metadata.name} {.metadata.labels.dev\.example\.com/group}{"\n"}{end}`)) {
		node := strings.Fields(line)
		groupOf[node[0]] = node[1]
	}
	for name := range names {
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
	_, err = tryDevEnv("launch", "one-more", "--team", "web", "--owner", "dev-a")
	Expect(err).To(MatchError(ContainSubstring("exceeded quota: environments")))
})
