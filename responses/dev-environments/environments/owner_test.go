package environments

import (
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

func ownerSpecs(s *apiServer) {
	It("knows each person by one name, with their teams", func(ctx SpecContext) {
		Expect(s.her.WhoAmI(ctx)).To(Equal(Person{Handle: "jane_at_a.com", Teams: []string{"web"}}))
		Expect(s.colleague.WhoAmI(ctx)).To(Equal(Person{Handle: "jane_at_b.com", Teams: []string{"web"}}))
		s.platform(ctx, "--set", "identity.teams.8d1f-4a=web")
		DeferCleanup(func(ctx SpecContext) { s.platform(ctx) })
		obrien := s.person("o'brien@a.com", "8d1f-4a", "team-web")
		Expect(obrien.WhoAmI(ctx)).To(Equal(Person{Handle: "o_27_brien_at_a.com", Teams: []string{"web"}}))
		Expect(obrien.asks(ctx, func(w *wanted) { w.Owner = "o_27_brien_at_a.com" })).To(Succeed())
	})

	It("deletes for the owner and the team's admins only, and keeps the home", func(ctx SpecContext) {
		Expect(s.her.Launch(ctx, "web", "gone", "", Choices{"cpu": "4", "home": "50Gi"})).To(Succeed())
		s.refused(ctx, "gone belongs to jane@a.com; try: ask them, or an admin of the team", func() error {
			_, err := s.colleague.Delete(ctx, "web", "gone")
			return err
		})
		By("every other way")
		for what, do := range map[string]func() error{
			"its home": func() error {
				return s.colleague.kube.CoreV1().PersistentVolumeClaims("team-web").Delete(ctx, "home-gone", metav1.DeleteOptions{})
			},
			"its name": func() error {
				return s.colleague.kube.CoreV1().Services("team-web").Delete(ctx, "gone", metav1.DeleteOptions{})
			},
			"its owner": func() error {
				patch := []byte(`{"metadata": {"labels": {"dev.example.com/owner": "jane_at_b.com"}}}`)
				_, err := s.colleague.kube.AppsV1().StatefulSets("team-web").Patch(ctx, "gone", types.MergePatchType, patch, metav1.PatchOptions{})
				return err
			},
			"pin":    func() error { return s.colleague.Pin(ctx, "web", "gone", true) },
			"extend": func() error { return s.colleague.Extend(ctx, "web", "gone", "") },
		} {
			By(what)
			s.refused(ctx, "belongs to jane@a.com", do)
		}

		Expect(s.her.Delete(ctx, "web", "gone")).Error().NotTo(HaveOccurred())
		Expect(s.her.List(ctx, "web")).To(ContainElement(And(HaveField("Name", "gone"), HaveField("State()", "deleted"), HaveField("Home", "50Gi"), HaveField("CPU", "4"))))
		s.refused(ctx, "the home of gone belongs to jane@a.com", func() error { return s.colleague.Launch(ctx, "web", "gone", "", nil) })
		s.refused(ctx, "you cannot make gone another person's", func() error { return s.colleague.Restore(ctx, "web", "gone") })

		By("undoing it")
		Expect(s.her.Restore(ctx, "web", "gone")).To(Succeed())
		Expect(describe(s.get(ctx, "gone"))).To(And(HaveField("CPU", "4"), HaveField("Owner", "jane_at_a.com")))
		Expect(s.home(ctx, "gone").Annotations).To(HaveKeyWithValue(annotationDeleted, ""))
		s.refused(ctx, "team web has no deleted environment gone", func() error { return s.her.Restore(ctx, "web", "gone") })
		By("an admin of the team")
		Expect(s.lead.Delete(ctx, "web", "gone")).Error().NotTo(HaveOccurred())
		By("the owner launching it anew, with the home as large as it was")
		Expect(s.her.Launch(ctx, "web", "gone", "", nil)).To(Succeed())
		size := sizeOf(s.home(ctx, "gone"))
		Expect(size.String()).To(Equal("50Gi"))
	})

	It("takes a person's own public keys, from nobody else", func(ctx SpecContext) {
		public := "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + strings.Repeat("A", 43) + " jane"
		Expect(s.her.SetKeys(ctx, "web", "\n# mine\n"+public+"\n")).To(Succeed())
		Expect(s.her.Keys(ctx, "web")).To(Equal(public + "\n"))
		Expect(s.colleague.Keys(ctx, "web")).To(BeEmpty())
		Expect(s.her.SetKeys(ctx, "web", "-----BEGIN OPENSSH PRIVATE KEY-----")).To(MatchError(ContainSubstring("this is a private key")))
		Expect(s.her.SetKeys(ctx, "web", "hello")).To(MatchError(ContainSubstring("not a public key: 'hello'")))
		for _, name := range []string{"keys-jane-1at-1a.com", "anything"} {
			_, err := s.colleague.kube.CoreV1().ConfigMaps("team-web").Create(ctx, &corev1.ConfigMap{
				ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{"dev.example.com/owner": "jane_at_b.com"}}}, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
			Expect(err).To(MatchError(ContainSubstring(name + " is not for your keys")))
		}
		Expect(s.her.Launch(ctx, "web", "keys", "", nil)).To(Succeed())
		Expect(s.get(ctx, "keys").Spec.Template.Spec.Volumes).To(ContainElement(HaveField("ConfigMap.Name", "keys-jane-1at-1a.com")))

		By("the gateway, with the directory's")
		_, err := s.kube.CoreV1().Secrets("team-web").Create(ctx, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "ssh-keys"},
			Data: map[string][]byte{"jane_at_b.com": []byte("ssh-ed25519 B\nssh-ed25519 C\n"), "lead_at_a.com": []byte("ssh-ed25519 C")}}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(GatewayKeys(ctx, s.account("gateway-keys"))).To(Succeed())
		collected, err := s.kube.CoreV1().Secrets("platform").Get(ctx, "gateway-keys", metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(string(collected.Data["authorized_keys"])).To(Equal(public + "\nssh-ed25519 B\nssh-ed25519 C\n"))
	})

	It("asks for a team that one is in", func(ctx SpecContext) {
		other := s.person("dev-x@a.com", "team-other", "system:masters")
		for _, do := range []func() error{
			func() error { return other.Launch(ctx, "web", "try", "", nil) },
			func() error { return other.Launch(ctx, "nowhere", "try", "", nil) },
			func() error { return other.Pin(ctx, "web", "study", true) },
			func() error { _, err := other.List(ctx, "web"); return err },
		} {
			s.refused(ctx, "you may not run environments in team", do)
		}
	})

	It("asks whom the cluster does not know, or no longer, to sign in", func(ctx SpecContext) {
		Expect(s.withToken("expired").WhoAmI(ctx)).Error().To(MatchError(ErrUnauthorized))
	})
}
