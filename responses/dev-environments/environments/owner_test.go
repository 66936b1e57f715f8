package environments

import (
	"context"
	"maps"
	"strings"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
)

var _ = Describe("with a real API server", Ordered, ContinueOnFailure, func() {
	const jane = "jane@a.com"
	var s *apiServer
	var her, colleague, lead *Client

	get := func(ctx context.Context, name string) *appsv1.StatefulSet {
		GinkgoHelper()
		set, err := s.kube.AppsV1().StatefulSets("team-web").Get(ctx, name, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		return set
	}
	home := func(ctx context.Context, name string) *corev1.PersistentVolumeClaim {
		GinkgoHelper()
		claim, err := s.kube.CoreV1().PersistentVolumeClaims("team-web").Get(ctx, "home-"+name, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		return claim
	}
	// refused says that a call fails with these words, and that nothing at all has changed.
	refused := func(ctx context.Context, words string, do func() error) {
		GinkgoHelper()
		before := s.state(ctx, "web")
		Expect(do()).To(MatchError(ContainSubstring(words)))
		Expect(s.state(ctx, "web")).To(Equal(before))
	}
	sleep := func(ctx context.Context, name string) {
		GinkgoHelper()
		_, err := s.kube.AppsV1().StatefulSets("team-web").UpdateScale(ctx, name, &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Namespace: "team-web", Name: name}},
			metav1.UpdateOptions{FieldManager: "sleep"})
		Expect(err).NotTo(HaveOccurred())
		_, err = s.kube.AppsV1().StatefulSets("team-web").Patch(ctx, name, types.MergePatchType,
			[]byte(`{"metadata": {"annotations": {"dev.example.com/asleep": "2026-12-01T12:00:00Z idle"}}}`), metav1.PatchOptions{FieldManager: "sleep"})
		Expect(err).NotTo(HaveOccurred())
	}

	BeforeAll(func(ctx SpecContext) {
		s = startAPIServer()
		SetDefaultEventuallyTimeout(30 * time.Second)
		_, err := s.kube.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "platform"}}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		s.platform(ctx)
		s.team(ctx, "web")
		her, colleague = s.person(jane, "oidc:team-web"), s.person("jane@b.com", "oidc:team-web")
		lead = s.person("lead@a.com", "oidc:leads")
		// The API server takes up policies in its own time.
		asked := func(change func(*wanted)) func() error { return func() error { return her.asks(ctx, change) } }
		Eventually(ctx, asked(func(w *wanted) { w.Owner = "jane_at_b.com" })).Should(MatchError(ContainSubstring("another person's")))
		Eventually(ctx, asked(func(w *wanted) { w.Group = "high-memory" })).Should(MatchError(ContainSubstring("node group high-memory is not for team web")))
		Eventually(ctx, asked(func(w *wanted) { w.Image = newImage })).Should(MatchError(ContainSubstring("not in the catalogue")))
		Eventually(ctx, asked(func(*wanted) {})).Should(Succeed())
		Expect(s.state(ctx, "web")).To(BeEmpty())
	})

	It("knows each person by one name, with their teams", func(ctx SpecContext) {
		Expect(her.WhoAmI(ctx)).To(Equal(Person{Handle: "jane_at_a.com", Teams: []string{"web"}}))
		Expect(colleague.WhoAmI(ctx)).To(Equal(Person{Handle: "jane_at_b.com", Teams: []string{"web"}}))
		s.platform(ctx, "--set", "identity.teams.8d1f-4a=web")
		DeferCleanup(func(ctx SpecContext) { s.platform(ctx) })
		Expect(s.person("o'brien@a.com", "oidc:8d1f-4a").WhoAmI(ctx)).To(Equal(Person{Handle: "o_27_brien_at_a.com", Teams: []string{"web"}}))
	})

	It("launches, and refuses to launch the same name again", func(ctx SpecContext) {
		Expect(her.Launch(ctx, "web", "study", "", Choices{"packages": "jq", "cpu": "4"})).To(Succeed())
		set := get(ctx, "study")
		Expect(set.Spec.Template.Spec.Containers[0].Image).To(Equal(oldImage))
		Expect(set.Labels).To(And(HaveKeyWithValue("dev.example.com/owner", "jane_at_a.com"), HaveKeyWithValue("dev.example.com/group", "general")))
		Expect(her.List(ctx, "web")).To(ConsistOf(And(HaveField("Name", "study"), HaveField("CPU", "4"), HaveField("Packages", "jq"), HaveField("Home", "10Gi"), HaveField("Pinned", false))))
		refused(ctx, "there is an environment study already, of jane@a.com", func() error { return her.Launch(ctx, "web", "study", "", nil) })
		refused(ctx, "there is an environment study already, of jane@a.com", func() error { return colleague.Launch(ctx, "web", "study", "", nil) })
	})

	It("gives a name to one of many who launch it in the same moment", func(ctx SpecContext) {
		results := make(chan error, 8)
		var all sync.WaitGroup
		for i := range cap(results) {
			all.Go(func() { results <- []*Client{her, colleague}[i%2].Launch(ctx, "web", "race", "", Choices{"cpu": "1"}) })
		}
		all.Wait()
		close(results)
		owner := Name(ownerOf(get(ctx, "race").Labels))
		count := 0
		for err := range results {
			if err == nil {
				count++
			} else {
				Expect(err).To(MatchError(Or(ContainSubstring("race already, of "+owner), ContainSubstring("race is being launched by "+owner), ContainSubstring("race belongs to "+owner), ContainSubstring("same moment"))))
			}
		}
		Expect(count).To(BeNumerically(">=", 1))
		Expect(ownerOf(home(ctx, "race").Labels)).To(Equal(ownerOf(get(ctx, "race").Labels)))
		Expect(lead.Delete(ctx, "web", "race")).Error().NotTo(HaveOccurred())
	})

	It("changes all of it or nothing", func(ctx SpecContext) {
		Expect(her.Launch(ctx, "web", "all", "", Choices{"home": "50Gi"})).To(Succeed())
		refused(ctx, "a home cannot shrink: this one has 50Gi, not 10Gi", func() error { return her.Change(ctx, "web", "all", Choices{"home": "10Gi", "base": "r-4.5"}) })
		By("what the API server alone can refuse")
		refused(ctx, "spec is immutable after creation except resources.requests", func() error { return her.Change(ctx, "web", "all", Choices{"home": "100Gi", "base": "r-4.5"}) })
		refused(ctx, "node group high-memory is not for team web", func() error { return her.Change(ctx, "web", "all", Choices{"memory": "256Gi"}) })
		refused(ctx, "belongs to jane@a.com", func() error { return colleague.Change(ctx, "web", "all", Choices{"cpu": "1"}) })
		By("a launch, too")
		refused(ctx, "not offered: cpu: '3' is none of", func() error { return her.Launch(ctx, "web", "none", "", Choices{"cpu": "3"}) })
		refused(ctx, "GPUs are in group gpu only", func() error { return her.Launch(ctx, "web", "none", "", Choices{"gpu": "1", "group": "general"}) })
	})

	It("changes the size across node groups, and the GPUs, and keeps the rest", func(ctx SpecContext) {
		Expect(her.Launch(ctx, "web", "size", "", Choices{"packages": "jq"})).To(Succeed())
		Expect(her.Pin(ctx, "web", "size", true)).To(Succeed())
		Expect(her.Change(ctx, "web", "size", Choices{"gpu": "2"})).To(Succeed())
		set := get(ctx, "size")
		Expect(set.Spec.Template.Spec.NodeSelector).To(HaveKeyWithValue("dev.example.com/group", "gpu"))
		Expect(describe(set)).To(And(HaveField("GPU", "2"), HaveField("Packages", "jq"), HaveField("Pinned", true), HaveField("Group", "gpu")))
		By("the way that the page sends it: all fields, the group as it was chosen")
		chosen, err := her.Chosen(ctx, "web", "size")
		Expect(err).NotTo(HaveOccurred())
		maps.Copy(chosen, Choices{"gpu": "0"})
		Expect(her.Change(ctx, "web", "size", chosen)).To(Succeed())
		Expect(get(ctx, "size").Spec.Template.Spec.NodeSelector).To(HaveKeyWithValue("dev.example.com/group", "general"))
		Expect(get(ctx, "size").Spec.Template.Spec.Tolerations).To(HaveLen(1))
	})

	It("pins and extends what runs without touching it, whatever the platform has by now", func(ctx SpecContext) {
		Expect(her.Launch(ctx, "web", "keep", "", nil)).To(Succeed())
		before := get(ctx, "keep")
		s.platform(ctx, "--set", "catalogue.debian-13="+newImage+" "+oldImage, "--set", "domain=dev.example.net", "--set", "environments.imagePullSecrets={registry}")
		DeferCleanup(func(ctx SpecContext) {
			s.platform(ctx)
			her = s.person(jane, "oidc:team-web") // it asks the platform once
		})
		her = s.person(jane, "oidc:team-web")
		Eventually(ctx, func() error { return her.asks(ctx, func(*wanted) {}) }).Should(Succeed())
		Expect(her.Pin(ctx, "web", "keep", true)).To(Succeed())
		Expect(her.Extend(ctx, "web", "keep", "90")).To(Succeed())
		Expect(her.Wake(ctx, "web", "keep")).To(Succeed())
		refused(ctx, "lifetime: '12' is none of: 7 30 90", func() error { return her.Extend(ctx, "web", "keep", "12") })
		after := get(ctx, "keep")
		Expect(after.Spec).To(Equal(before.Spec))
		Expect(after.Generation).To(Equal(before.Generation))
		Expect(describe(after)).To(And(HaveField("Pinned", true), HaveField("Expires", lastDay(Choices{"lifetime": "90"}))))

		By("waking with the newest image what sleeps")
		sleep(ctx, "keep")
		Expect(describe(get(ctx, "keep"))).To(And(HaveField("Awake", false), HaveField("Asleep", HaveSuffix("idle"))))
		Expect(her.Pin(ctx, "web", "keep", false)).To(Succeed())
		Expect(her.Extend(ctx, "web", "keep", "")).To(Succeed())
		Expect(describe(get(ctx, "keep")).Awake).To(BeFalse())
		Expect(her.Wake(ctx, "web", "keep")).To(Succeed())
		woken := get(ctx, "keep")
		Expect(describe(woken)).To(And(HaveField("Awake", true), HaveField("Asleep", ""), HaveField("Pinned", false)))
		Expect(woken.Spec.Template.Spec.Containers[0].Image).To(Equal(newImage))
	})

	It("deletes for the owner and the team's admins only, and keeps the home", func(ctx SpecContext) {
		Expect(her.Launch(ctx, "web", "gone", "", Choices{"cpu": "4", "home": "50Gi"})).To(Succeed())
		refused(ctx, "gone belongs to jane@a.com; try: ask them, or an admin of the team", func() error {
			_, err := colleague.Delete(ctx, "web", "gone")
			return err
		})
		By("every other way")
		for what, do := range map[string]func() error{
			"its home": func() error {
				return colleague.kube.CoreV1().PersistentVolumeClaims("team-web").Delete(ctx, "home-gone", metav1.DeleteOptions{})
			},
			"its name": func() error {
				return colleague.kube.CoreV1().Services("team-web").Delete(ctx, "gone", metav1.DeleteOptions{})
			},
			"its owner": func() error {
				patch := []byte(`{"metadata": {"labels": {"dev.example.com/owner": "jane_at_b.com"}}}`)
				_, err := colleague.kube.AppsV1().StatefulSets("team-web").Patch(ctx, "gone", types.MergePatchType, patch, metav1.PatchOptions{})
				return err
			},
			"pin":    func() error { return colleague.Pin(ctx, "web", "gone", true) },
			"extend": func() error { return colleague.Extend(ctx, "web", "gone", "") },
		} {
			By(what)
			refused(ctx, "belongs to jane@a.com", do)
		}

		Expect(her.Delete(ctx, "web", "gone")).Error().NotTo(HaveOccurred())
		Expect(her.List(ctx, "web")).To(ContainElement(And(HaveField("Name", "gone"), HaveField("State()", "deleted"), HaveField("Home", "50Gi"), HaveField("CPU", "4"))))
		refused(ctx, "the home of gone belongs to jane@a.com", func() error { return colleague.Launch(ctx, "web", "gone", "", nil) })
		refused(ctx, "you cannot make gone another person's", func() error { return colleague.Restore(ctx, "web", "gone") })

		By("undoing it")
		Expect(her.Restore(ctx, "web", "gone")).To(Succeed())
		Expect(describe(get(ctx, "gone"))).To(And(HaveField("CPU", "4"), HaveField("Owner", "jane_at_a.com")))
		Expect(home(ctx, "gone").Annotations).To(HaveKeyWithValue(annotationDeleted, ""))
		refused(ctx, "team web has no deleted environment gone", func() error { return her.Restore(ctx, "web", "gone") })
		By("an admin of the team")
		Expect(lead.Delete(ctx, "web", "gone")).Error().NotTo(HaveOccurred())
		By("the owner launching it anew, with the home as large as it was")
		Expect(her.Launch(ctx, "web", "gone", "", nil)).To(Succeed())
		size := sizeOf(home(ctx, "gone"))
		Expect(size.String()).To(Equal("50Gi"))
	})

	It("says before anything ends that a quota has no room for the new size", func(ctx SpecContext) {
		Expect(her.Launch(ctx, "web", "quota", "", Choices{"cpu": "4"})).To(Succeed())
		quota, err := s.kube.CoreV1().ResourceQuotas("team-web").Get(ctx, "awake", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		// In place of the controller.
		quota.Status = corev1.ResourceQuotaStatus{Hard: corev1.ResourceList{"requests.cpu": resource.MustParse("6")}, Used: corev1.ResourceList{"requests.cpu": resource.MustParse("4010m")}}
		_, err = s.kube.CoreV1().ResourceQuotas("team-web").UpdateStatus(ctx, quota, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func(ctx SpecContext) {
			quota, err := s.kube.CoreV1().ResourceQuotas("team-web").Get(ctx, "awake", metav1.GetOptions{})
			Expect(err).NotTo(HaveOccurred())
			s.unused(ctx, quota)
		})
		refused(ctx, "exceeded quota: awake, requested: requests.cpu=8010m, used: requests.cpu=4010m, limited: requests.cpu=6; try: a smaller size", func() error {
			return her.Change(ctx, "web", "quota", Choices{"cpu": "8"})
		})
		refused(ctx, "exceeded quota: awake", func() error { return her.Launch(ctx, "web", "second", "", Choices{"cpu": "2"}) })
		By("counting what the old size gives back")
		Expect(her.Change(ctx, "web", "quota", Choices{"cpu": "2"})).To(Succeed())
	})

	It("takes a person's own public keys, from nobody else", func(ctx SpecContext) {
		public := "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + strings.Repeat("A", 43) + " jane"
		Expect(her.SetKeys(ctx, "web", "\n# mine\n"+public+"\n")).To(Succeed())
		Expect(her.Keys(ctx, "web")).To(Equal(public + "\n"))
		Expect(colleague.Keys(ctx, "web")).To(BeEmpty())
		Expect(her.SetKeys(ctx, "web", "-----BEGIN OPENSSH PRIVATE KEY-----")).To(MatchError(ContainSubstring("this is a private key")))
		Expect(her.SetKeys(ctx, "web", "hello")).To(MatchError(ContainSubstring("not a public key: 'hello'")))
		for _, name := range []string{"keys-jane-1at-1a.com", "anything"} {
			_, err := colleague.kube.CoreV1().ConfigMaps("team-web").Create(ctx, &corev1.ConfigMap{
				ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"dev.example.com/owner": "jane_at_b.com"}}}, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
			Expect(err).To(MatchError(ContainSubstring(name + " is not for your keys")))
		}
		Expect(her.Launch(ctx, "web", "keys", "", nil)).To(Succeed())
		Expect(get(ctx, "keys").Spec.Template.Spec.Volumes).To(ContainElement(HaveField("ConfigMap.Name", "keys-jane-1at-1a.com")))
	})

	It("asks for a team that one is in", func(ctx SpecContext) {
		other := s.person("dev-x@a.com", "oidc:team-other")
		for _, do := range []func() error{
			func() error { return other.Launch(ctx, "web", "try", "", nil) },
			func() error { return other.Launch(ctx, "nowhere", "try", "", nil) },
			func() error { return other.Pin(ctx, "web", "study", true) },
			func() error { _, err := other.List(ctx, "web"); return err },
		} {
			refused(ctx, "you may not run environments in team", do)
		}
	})

	It("lets the platform's programs do their one thing", func(ctx SpecContext) {
		sweeper := s.account("sweep")
		remove := func(name string) error {
			return sweeper.CoreV1().PersistentVolumeClaims("team-web").Delete(ctx, name, metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}})
		}
		Expect(remove("home-study")).To(MatchError(ContainSubstring("the sweeper may remove the homes of deleted environments only")))
		Expect(her.Delete(ctx, "web", "study")).Error().NotTo(HaveOccurred())
		Expect(remove("home-study")).To(Succeed())
		page := s.account("page")
		_, err := page.AppsV1().StatefulSets("team-web").List(ctx, metav1.ListOptions{})
		Expect(err).To(MatchError(ContainSubstring("forbidden")))
	})

	It("knows people by their tokens, as the page passes them on", func(ctx SpecContext) {
		as := func(claims map[string]any) (Person, error) {
			GinkgoHelper()
			token, err := s.directory.Token(claims)
			Expect(err).NotTo(HaveOccurred())
			config := rest.AnonymousClientConfig(s.env.Config)
			config.BearerToken = token
			c, err := New(config)
			Expect(err).NotTo(HaveOccurred())
			return c.WhoAmI(ctx)
		}
		Expect(as(nil)).To(Equal(Person{Handle: "jane.doe_at_example.com", Teams: []string{"web"}}))
		for _, claims := range []map[string]any{{"aud": "other"}, {"iss": "https://other"}, {"exp": time.Now().Add(-time.Hour).Unix()}, {"email_verified": false}} {
			_, err := as(claims)
			Expect(err).To(MatchError(ErrUnauthorized), "%v", claims)
		}
	})
})

// asks has the API server look at an environment of jane's, changed so, and make nothing.
func (c *Client) asks(ctx context.Context, change func(*wanted)) error {
	w, err := c.want(ctx, "web", "probe", "jane_at_a.com", nil)
	if err != nil {
		return err
	}
	change(&w)
	o, err := w.objects()
	if err != nil {
		return err
	}
	return c.send(ctx, w, o, metav1.DryRunAll)
}
