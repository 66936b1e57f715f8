package environments

import (
	"maps"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	authorizationv1 "k8s.io/api/authorization/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

func policySpecs(s *apiServer) {
	dryRun := []string{metav1.DryRunAll}

	DescribeTable("an environment may not", func(ctx SpecContext, change func(*corev1.PodTemplateSpec), message string) {
		w, err := s.her.want(ctx, "web", "shop", "jane_at_a.com", nil)
		Expect(err).NotTo(HaveOccurred())
		_, set, err := w.objects()
		Expect(err).NotTo(HaveOccurred())
		// As a StatefulSet's, and as a pod that an administrator makes without one.
		offer := func() (ofSet, ofPod error) {
			_, ofSet = s.kube.AppsV1().StatefulSets("team-web").Create(ctx, set, metav1.CreateOptions{DryRun: dryRun})
			pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "shop-0", Labels: maps.Clone(set.Spec.Template.Labels)}, Spec: set.Spec.Template.Spec}
			_, ofPod = s.kube.CoreV1().Pods("team-web").Create(ctx, pod, metav1.CreateOptions{DryRun: dryRun})
			return ofSet, ofPod
		}
		ofSet, ofPod := offer()
		Expect(ofSet).NotTo(HaveOccurred())
		Expect(ofPod).NotTo(HaveOccurred())
		change(&set.Spec.Template)
		ofSet, ofPod = offer()
		Expect(ofSet).To(MatchError(ContainSubstring(message)))
		Expect(ofPod).To(MatchError(ContainSubstring(message)))
	},
		Entry("name no group", func(t *corev1.PodTemplateSpec) { t.Spec.NodeSelector = nil }, "no node group: spec.nodeSelector; try: dev.example.com/group: general or gpu"),
		Entry("name a group that the team does not have", func(t *corev1.PodTemplateSpec) { t.Spec.NodeSelector["dev.example.com/group"] = "high-memory" },
			"node group high-memory is not for team web"),
		Entry("tolerate everything", func(t *corev1.PodTemplateSpec) {
			t.Spec.Tolerations = []corev1.Toleration{{Operator: corev1.TolerationOpExists}}
		}, "a toleration for other nodes than those of group general"),
		Entry("tolerate all groups", func(t *corev1.PodTemplateSpec) {
			t.Spec.Tolerations[0].Operator, t.Spec.Tolerations[0].Value = corev1.TolerationOpExists, ""
		}, "a toleration for other nodes than those of group general"),
		Entry("tolerate another group of its team", func(t *corev1.PodTemplateSpec) { t.Spec.Tolerations[0].Value = "gpu" },
			"a toleration for other nodes than those of group general"),
		Entry("choose its node", func(t *corev1.PodTemplateSpec) { t.Spec.NodeName = "gpu-4-0" }, "a pod may not choose its node: spec.nodeName"),
		Entry("take a GPU in another group", func(t *corev1.PodTemplateSpec) {
			t.Spec.Containers[0].Resources.Limits["nvidia.com/gpu"] = t.Spec.Containers[0].Resources.Requests["cpu"]
		}, "GPUs are in group gpu only"),
		Entry("sit on a GPU node without a GPU", func(t *corev1.PodTemplateSpec) {
			t.Spec.NodeSelector["dev.example.com/group"], t.Spec.Tolerations[0].Value, t.Labels["dev.example.com/group"] = "gpu", "gpu", "gpu"
		}, "group gpu is for environments with a GPU"),
		Entry("run an image of the catalogue by its tag, which moves", func(t *corev1.PodTemplateSpec) { t.Spec.Containers[0].Image, _, _ = strings.Cut(oldImage, "@") },
			"not in the catalogue, by digest: image registry.example.com/dev/environment:debian-13-"),
		Entry("run a digest that is not in the catalogue", func(t *corev1.PodTemplateSpec) { t.Spec.Containers[0].Image = newImage },
			"not in the catalogue, by digest: image registry.example.com/dev/environment:debian-13-2@sha256:222"),
		Entry("run another image beside its own", func(t *corev1.PodTemplateSpec) {
			t.Spec.InitContainers[0].Image = "registry.example.com/dev/sessions:1.0.0"
		},
			"not in the catalogue, by digest: image registry.example.com/dev/sessions:1.0.0"),
		Entry("go before others", func(t *corev1.PodTemplateSpec) { t.Spec.PriorityClassName = "data" }, "an environment may not go before others or push them off a node"),
		Entry("have no owner", func(t *corev1.PodTemplateSpec) { delete(t.Labels, "dev.example.com/owner") }, "the labels do not say whose it is"),
		Entry("be another team's", func(t *corev1.PodTemplateSpec) { t.Labels["dev.example.com/team"] = "research" }, "the labels do not say whose it is"),
		Entry("be another group's in the records", func(t *corev1.PodTemplateSpec) { t.Labels["dev.example.com/group"] = "gpu" }, "the labels do not say whose it is"),
	)

	It("holds an environment to one pod and its own name, when it is changed too", func(ctx SpecContext) {
		Expect(s.her.Launch(ctx, "web", "held", "", nil)).To(Succeed())
		set := s.get(ctx, "held")
		pods, sets, services := s.kube.CoreV1().Pods("team-web"), s.kube.AppsV1().StatefulSets("team-web"), s.kube.CoreV1().Services("team-web")
		_, err := pods.Create(ctx, &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "held-0", Labels: set.Spec.Template.Labels}, Spec: set.Spec.Template.Spec}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(pods.Delete, "held-0", metav1.DeleteOptions{})

		_, err = sets.UpdateScale(ctx, "held", &autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Namespace: "team-web", Name: "held"}, Spec: autoscalingv1.ScaleSpec{Replicas: 2}}, metav1.UpdateOptions{})
		Expect(err).To(MatchError(ContainSubstring("an environment is one pod or none: spec.replicas")))
		_, err = sets.Patch(ctx, "held", types.MergePatchType, []byte(`{"spec": {"replicas": 2}}`), metav1.PatchOptions{})
		Expect(err).To(MatchError(ContainSubstring("an environment is one pod or none: spec.replicas")))
		_, err = pods.Patch(ctx, "held-0", types.JSONPatchType, []byte(`[{"op": "add", "path": "/spec/tolerations/-", "value": {"operator": "Exists"}}]`), metav1.PatchOptions{})
		Expect(err).To(MatchError(ContainSubstring("a toleration for other nodes than those of group general")))
		_, err = pods.Patch(ctx, "held-0", types.MergePatchType, []byte(`{"metadata": {"labels": {"app.kubernetes.io/name": "miner"}}}`), metav1.PatchOptions{})
		Expect(err).To(MatchError(ContainSubstring("the labels do not say whose it is")))
		_, err = services.Patch(ctx, "held", types.MergePatchType, []byte(`{"metadata": {"annotations": {"external-dns.alpha.kubernetes.io/hostname": "x.research.dev.example.com"}}}`), metav1.PatchOptions{})
		Expect(err).To(MatchError(ContainSubstring("this name is not for this Service")))
		_, err = services.Create(ctx, &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "door"}, Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer, Ports: []corev1.ServicePort{{Port: 22}}}}, metav1.CreateOptions{})
		Expect(err).To(MatchError(ContainSubstring("an environment is reached by its pod's address")))
	})

	It("lets people do this in their team's namespace, and nothing else", func(ctx SpecContext) {
		review, err := s.her.kube.AuthorizationV1().SelfSubjectRulesReviews().Create(ctx,
			&authorizationv1.SelfSubjectRulesReview{Spec: authorizationv1.SelfSubjectRulesReviewSpec{Namespace: "team-web"}}, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		may := map[string]string{}
		for _, rule := range review.Status.ResourceRules {
			for _, resource := range rule.Resources {
				may[resource] += strings.Join(rule.Verbs, " ")
			}
		}
		const look, all = "get list watch", "get list watch create update patch delete"
		Expect(may).To(Equal(map[string]string{"statefulsets": all, "services": all, "persistentvolumeclaims": all, "pods": look + " delete", "pods/log": "get",
			"configmaps": "get create patch", "namespaces": look, "events": look, "resourcequotas": look, "limitranges": look,
			"selfsubjectreviews": "create", "selfsubjectaccessreviews": "create", "selfsubjectrulesreviews": "create"}))
	})

	It("lets the platform's programs do their one thing", func(ctx SpecContext) {
		Expect(s.her.Launch(ctx, "web", "one-thing", "", nil)).To(Succeed())
		sets, other := s.account("sleep").AppsV1().StatefulSets("team-web"), s.get(ctx, "one-thing").DeepCopy()
		patch := func(text string) error {
			_, err := sets.Patch(ctx, "one-thing", types.MergePatchType, []byte(text), metav1.PatchOptions{DryRun: dryRun})
			return err
		}
		scale := func(namespace string, replicas int32) error {
			_, err := s.account("sleep").AppsV1().StatefulSets(namespace).UpdateScale(ctx, "one-thing",
				&autoscalingv1.Scale{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "one-thing"}, Spec: autoscalingv1.ScaleSpec{Replicas: replicas}}, metav1.UpdateOptions{DryRun: dryRun})
			return err
		}
		Expect(patch(`{"metadata": {"annotations": {"note": "1"}}}`)).To(Succeed())
		Expect(scale("team-web", 0)).To(Succeed())
		denied := MatchError(ContainSubstring("the sleeper may put to sleep and annotate, and nothing else"))
		Expect(patch(`{"metadata": {"labels": {"dev.example.com/pinned": "true"}}}`)).To(denied)
		Expect(patch(`{"spec": {"minReadySeconds": 1}}`)).To(denied)
		Expect(scale("team-web", 1)).To(denied)
		other.ObjectMeta = metav1.ObjectMeta{Name: other.Name, Namespace: "platform"}
		_, err := s.kube.AppsV1().StatefulSets("platform").Create(ctx, other, metav1.CreateOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(scale("platform", 0)).To(MatchError(ContainSubstring("the sleeper may write in the teams' namespaces only")))
		Expect(sets.Delete(ctx, "one-thing", metav1.DeleteOptions{})).To(MatchError(ContainSubstring("forbidden")))

		remove := func() error {
			return s.account("sweep").CoreV1().PersistentVolumeClaims("team-web").Delete(ctx, "home-one-thing", metav1.DeleteOptions{DryRun: dryRun})
		}
		Expect(remove()).To(MatchError(ContainSubstring("the sweeper may remove the homes of deleted environments only")))
		Expect(s.her.Delete(ctx, "web", "one-thing")).Error().NotTo(HaveOccurred())
		Expect(remove()).To(Succeed())
		_, err = s.account("page").AppsV1().StatefulSets("team-web").List(ctx, metav1.ListOptions{})
		Expect(err).To(MatchError(ContainSubstring("forbidden")))
	})
}
