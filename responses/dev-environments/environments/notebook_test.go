package environments

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func notebookSpecs(s *apiServer) {
	It("gives a notebook to a base that has one, at its own path, and knows where it listens", func(ctx SpecContext) {
		s.platform(ctx, "--set", "page.enabled=true,page.notebookHost=notebooks.example.com,identity.issuer=https://login.example.com,environments.notebooks={r-4.5}")
		DeferCleanup(func(ctx SpecContext) { s.platform(ctx) })
		her, colleague := &Client{kube: s.her.kube}, &Client{kube: s.colleague.kube}
		Expect(her.Launch(ctx, "web", "plain", "", nil)).To(Succeed())
		Expect(s.get(ctx, "plain").Spec.Template.Spec.Containers[0].Env).NotTo(ContainElement(HaveField("Name", "NOTEBOOK")))
		Expect(her.Launch(ctx, "web", "book", "", Choices{"base": "r-4.5"})).To(Succeed())
		set := s.get(ctx, "book")
		Expect(set.Spec.Template.Spec.Containers[0].Env).To(ContainElement(corev1.EnvVar{Name: "NOTEBOOK", Value: "/web/book/"}))

		By("nowhere before there is a pod")
		e, address, err := her.Notebook(ctx, "web", "book")
		Expect(err).NotTo(HaveOccurred())
		Expect(e.Notebook).To(Equal("https://notebooks.example.com/web/book/"))
		Expect(address).To(BeEmpty())

		By("at its pod, wherever its Service leads")
		pods := s.kube.CoreV1().Pods("team-web")
		pod, err := pods.Create(ctx, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "book-0", Labels: set.Spec.Template.Labels}, Spec: set.Spec.Template.Spec}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(pods.Delete, "book-0", metav1.DeleteOptions{})
		pod.Status.PodIP, pod.Status.PodIPs = "10.244.0.9", []corev1.PodIP{{IP: "10.244.0.9"}}
		_, err = pods.UpdateStatus(ctx, pod, metav1.UpdateOptions{})
		Expect(err).NotTo(HaveOccurred())
		_, address, err = her.Notebook(ctx, "web", "book")
		Expect(err).NotTo(HaveOccurred())
		Expect(address).To(Equal("10.244.0.9:8888"))

		By("saying whose it is, for the page to let nobody else in")
		e, _, err = colleague.Notebook(ctx, "web", "book")
		Expect(err).NotTo(HaveOccurred())
		Expect(e.Owner).To(Equal("jane_at_a.com"))
		_, _, err = her.Notebook(ctx, "web", "none")
		Expect(IsNotFound(err)).To(BeTrue())
	})

	It("is open to the page's pods only, not to the team's own", func(ctx SpecContext) {
		policies, err := s.kube.NetworkingV1().NetworkPolicies("team-web").List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		admitted, closed := map[string][]networkingv1.NetworkPolicyPeer{}, false
		for _, policy := range policies.Items {
			Expect(policy.Spec.PodSelector).To(BeZero(), "all pods")
			closed = closed || len(policy.Spec.Ingress) == 0 && policy.Spec.PolicyTypes[0] == networkingv1.PolicyTypeIngress
			for _, rule := range policy.Spec.Ingress {
				if admits(rule.Ports, 8888) {
					admitted[policy.Name] = rule.From
				}
				Expect(policy.Name != "own-team" || admits(rule.Ports, 8887) && admits(rule.Ports, 8889)).To(BeTrue())
			}
		}
		Expect(closed).To(BeTrue())
		Expect(admitted).To(Equal(map[string][]networkingv1.NetworkPolicyPeer{"notebook-from-page": {{
			NamespaceSelector: &metav1.LabelSelector{MatchLabels: map[string]string{"kubernetes.io/metadata.name": "platform"}},
			PodSelector:       &metav1.LabelSelector{MatchLabels: map[string]string{"app.kubernetes.io/name": "page"}},
		}}}))
	})
}

// admits says whether a rule with these ports lets TCP to this one through.
func admits(ports []networkingv1.NetworkPolicyPort, port int32) bool {
	for _, p := range ports {
		first := p.Port.IntVal
		last := first
		if p.EndPort != nil {
			last = *p.EndPort
		}
		if *p.Protocol == corev1.ProtocolTCP && first <= port && port <= last {
			return true
		}
	}
	return len(ports) == 0
}
