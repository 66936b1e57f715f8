package environments

import (
	"sync"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

func launchSpecs(s *apiServer) {
	sleep := func(ctx SpecContext, name string) {
		GinkgoHelper()
		_, err := s.kube.AppsV1().StatefulSets("team-web").UpdateScale(ctx, name, &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Namespace: "team-web", Name: name}},
			metav1.UpdateOptions{FieldManager: "sleep"})
		Expect(err).NotTo(HaveOccurred())
		_, err = s.kube.AppsV1().StatefulSets("team-web").Patch(ctx, name, types.MergePatchType,
			[]byte(`{"metadata": {"annotations": {"dev.example.com/asleep": "2026-12-01T12:00:00Z idle"}}}`), metav1.PatchOptions{FieldManager: "sleep"})
		Expect(err).NotTo(HaveOccurred())
	}

	It("launches, and refuses to launch the same name again", func(ctx SpecContext) {
		Expect(s.her.Launch(ctx, "web", "study", "", Choices{"packages": "jq", "cpu": "4", "credentials": "database", "data": "prices"})).To(Succeed())
		set := s.get(ctx, "study")
		Expect(set.Spec.Template.Spec.Containers[0].VolumeMounts).To(ContainElements(
			corev1.VolumeMount{Name: "credentials", MountPath: "/etc/credentials", ReadOnly: true}, corev1.VolumeMount{Name: "data", MountPath: "/data", ReadOnly: true}))
		Expect(set.Spec.Template.Spec.Volumes).To(ContainElements(HaveField("Secret.SecretName", "database"),
			HaveField("PersistentVolumeClaim", HaveValue(Equal(corev1.PersistentVolumeClaimVolumeSource{ClaimName: "prices", ReadOnly: true})))))
		Expect(set.Spec.Template.Spec.Containers[0].Image).To(Equal(oldImage))
		Expect(set.Labels).To(And(HaveKeyWithValue("dev.example.com/owner", "jane_at_a.com"), HaveKeyWithValue("dev.example.com/group", "general")))
		Expect(s.her.List(ctx, "web")).To(ConsistOf(And(HaveField("Name", "study"), HaveField("CPU", "4"), HaveField("Packages", "jq"), HaveField("Home", "10Gi"), HaveField("Pinned", false))))
		s.refused(ctx, "there is an environment study already, of jane@a.com", func() error { return s.her.Launch(ctx, "web", "study", "", nil) })
		s.refused(ctx, "there is an environment study already, of jane@a.com", func() error { return s.colleague.Launch(ctx, "web", "study", "", nil) })
	})

	It("gives a name to one of many who launch it at the same moment", func(ctx SpecContext) {
		results := make(chan error, 8)
		var all sync.WaitGroup
		for i := range cap(results) {
			all.Go(func() {
				results <- []*Client{s.her, s.colleague}[i%2].Launch(ctx, "web", "race", "", Choices{"cpu": "1"})
			})
		}
		all.Wait()
		close(results)
		owner := Name(ownerOf(s.get(ctx, "race").Labels))
		count := 0
		for err := range results {
			if err == nil {
				count++
			} else {
				Expect(err).To(MatchError(Or(ContainSubstring("race already, of "+owner), ContainSubstring("race belongs to "+owner), ContainSubstring("same moment"))))
			}
		}
		Expect(count).To(BeNumerically(">=", 1))
		Expect(ownerOf(s.home(ctx, "race").Labels)).To(Equal(ownerOf(s.get(ctx, "race").Labels)))
		Expect(s.lead.Delete(ctx, "web", "race")).Error().NotTo(HaveOccurred())
	})

	It("changes all of it or nothing", func(ctx SpecContext) {
		Expect(s.her.Launch(ctx, "web", "all", "", Choices{"home": "50Gi"})).To(Succeed())
		s.refused(ctx, "a home cannot shrink: this one has 50Gi, not 10Gi", func() error { return s.her.Change(ctx, "web", "all", Choices{"home": "10Gi", "base": "r-4.5"}) })
		By("what the API server alone can refuse")
		s.refused(ctx, "spec is immutable after creation except resources.requests", func() error { return s.her.Change(ctx, "web", "all", Choices{"home": "100Gi", "base": "r-4.5"}) })
		s.refused(ctx, "node group high-memory is not for team web", func() error { return s.her.Change(ctx, "web", "all", Choices{"memory": "256Gi"}) })
		s.refused(ctx, "belongs to jane@a.com", func() error { return s.colleague.Change(ctx, "web", "all", Choices{"cpu": "1"}) })
		By("a launch, too")
		s.refused(ctx, "not offered: cpu: '3' is not one of", func() error { return s.her.Launch(ctx, "web", "none", "", Choices{"cpu": "3"}) })
		s.refused(ctx, "GPUs are in group gpu only", func() error { return s.her.Launch(ctx, "web", "none", "", Choices{"gpu": "1", "group": "general"}) })
	})

	It("changes the size across node groups, and the GPUs, and keeps the rest", func(ctx SpecContext) {
		Expect(s.her.Launch(ctx, "web", "size", "", Choices{"packages": "jq"})).To(Succeed())
		Expect(s.her.Pin(ctx, "web", "size", true)).To(Succeed())
		Expect(s.her.Change(ctx, "web", "size", Choices{"gpu": "2"})).To(Succeed())
		set := s.get(ctx, "size")
		Expect(set.Spec.Template.Spec.NodeSelector).To(HaveKeyWithValue("dev.example.com/group", "gpu"))
		Expect(describe(set)).To(And(HaveField("GPU", "2"), HaveField("Packages", "jq"), HaveField("Pinned", true), HaveField("Group", "gpu")))
		By("the way that the page sends it: all fields, the group as it was chosen")
		chosen, err := s.her.Chosen(ctx, "web", "size")
		Expect(err).NotTo(HaveOccurred())
		chosen["gpu"] = "0"
		Expect(s.her.Change(ctx, "web", "size", chosen)).To(Succeed())
		Expect(s.get(ctx, "size").Spec.Template.Spec.NodeSelector).To(HaveKeyWithValue("dev.example.com/group", "general"))
		Expect(s.get(ctx, "size").Spec.Template.Spec.Tolerations).To(HaveLen(1))
	})

	It("pins and extends what runs without touching it, whatever the platform has by now", func(ctx SpecContext) {
		Expect(s.her.Launch(ctx, "web", "keep", "", nil)).To(Succeed())
		before := s.get(ctx, "keep")
		s.platform(ctx, "--set", "catalogue.debian-13="+newImage+" "+oldImage, "--set", "domain=dev.example.net", "--set", "environments.imagePullSecrets={registry}")
		DeferCleanup(func(ctx SpecContext) {
			s.platform(ctx)
			s.her = s.person("jane@a.com", "team-web") // it asks the platform once
		})
		s.her = s.person("jane@a.com", "team-web")
		Eventually(ctx, func() error { return s.her.asks(ctx, func(*wanted) {}) }).Should(Succeed())
		Expect(s.her.Pin(ctx, "web", "keep", true)).To(Succeed())
		Expect(s.her.Extend(ctx, "web", "keep", "90")).To(Succeed())
		Expect(s.her.Wake(ctx, "web", "keep")).To(Succeed())
		s.refused(ctx, "lifetime: '12' is not one of: 7 30 90", func() error { return s.her.Extend(ctx, "web", "keep", "12") })
		after := s.get(ctx, "keep")
		Expect(after.Spec).To(Equal(before.Spec))
		Expect(after.Generation).To(Equal(before.Generation))
		Expect(describe(after)).To(And(HaveField("Pinned", true), HaveField("Expires", lastDay(Choices{"lifetime": "90"}))))

		By("waking with the newest image what is asleep")
		sleep(ctx, "keep")
		Expect(describe(s.get(ctx, "keep"))).To(And(HaveField("Awake", false), HaveField("Asleep", HaveSuffix("idle"))))
		Expect(s.her.Pin(ctx, "web", "keep", false)).To(Succeed())
		Expect(s.her.Extend(ctx, "web", "keep", "")).To(Succeed())
		Expect(describe(s.get(ctx, "keep")).Awake).To(BeFalse())
		Expect(s.her.Wake(ctx, "web", "keep")).To(Succeed())
		woken := s.get(ctx, "keep")
		Expect(describe(woken)).To(And(HaveField("Awake", true), HaveField("Asleep", ""), HaveField("Pinned", false)))
		Expect(woken.Spec.Template.Spec.Containers[0].Image).To(Equal(newImage))
	})

	It("says before anything ends that a quota has no room for the new size", func(ctx SpecContext) {
		Expect(s.her.Launch(ctx, "web", "quota", "", Choices{"cpu": "4"})).To(Succeed())
		s.quota(ctx, "awake", "requests.cpu", "6", "4010m")
		DeferCleanup(s.quota, "awake", corev1.ResourceName("requests.cpu"), "200", "0")
		s.refused(ctx, "exceeded quota: awake, requested: requests.cpu=8010m, used: requests.cpu=4010m, limited: requests.cpu=6; try: a smaller size", func() error {
			return s.her.Change(ctx, "web", "quota", Choices{"cpu": "8"})
		})
		s.refused(ctx, "exceeded quota: awake", func() error { return s.her.Launch(ctx, "web", "second", "", Choices{"cpu": "2"}) })
		By("counting what the old size gives back")
		Expect(s.her.Change(ctx, "web", "quota", Choices{"cpu": "2"})).To(Succeed())
		By("counting environments, too")
		s.quota(ctx, "environments", "count/statefulsets.apps", "1", "1")
		DeferCleanup(s.quota, "environments", corev1.ResourceName("count/statefulsets.apps"), "50", "0")
		s.refused(ctx, "exceeded quota: environments, requested: count/statefulsets.apps=1", func() error { return s.her.Launch(ctx, "web", "second", "", Choices{"cpu": "1"}) })
	})
}
