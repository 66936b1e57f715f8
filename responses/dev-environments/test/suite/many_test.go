package suite

import (
	"fmt"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
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
	sizes := map[string]string{
		"general": "cpu=2,memory=4Gi", "high-memory": "cpu=8,memory=128Gi", "gpu": "cpu=4,memory=16Gi,gpu=1",
	}
	// All six at once; one after the other takes minutes.
	DeferCleanup(kubectl, "delete", "namespaces", "-l", "dev.example.com/team in (web, shop, data, risk, vision, speech)", "--wait=false")
	manifests := map[string]string{}
	for _, b := range batches {
		one := must("helm", "template", "template-name", root+"/chart", "--namespace", "team-"+b.team,
			"--set", "owner=dev-a,team="+b.team+",group="+b.group+","+sizes[b.group],
			"--set", "image.name="+debian+",sessions.image="+debian+",home.storageClass="+storageClass)
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
