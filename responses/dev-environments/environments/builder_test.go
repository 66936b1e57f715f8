package environments

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"

	"dev-environments.test/image"
)

var _ = Describe("the builder", func() {
	var kube *fake.Clientset
	var b *Builder
	var wanted image.Image

	// environment is one whose image the kubelet could not pull, for the reason.
	environment := func(name, reason, tag string) {
		GinkgoHelper()
		labels := map[string]string{"app.kubernetes.io/name": "environment", "app.kubernetes.io/instance": name}
		Expect(kube.Tracker().Add(&appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Namespace: "team-web", Name: name, Labels: labels,
			Annotations: map[string]string{"dev.example.com/image-base": "python-3.13", "dev.example.com/packages": "jq git"}}})).To(Succeed())
		Expect(kube.Tracker().Add(&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "team-web", Name: name + "-0", Labels: labels},
			Status: corev1.PodStatus{ContainerStatuses: []corev1.ContainerStatus{{Name: "environment", Image: "registry.example.com/dev/environment:" + tag,
				State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason}}}}}})).To(Succeed())
	}
	jobs := func() []batchv1.Job {
		GinkgoHelper()
		list, err := kube.BatchV1().Jobs(Builds).List(GinkgoTB().Context(), metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		return list.Items
	}
	BeforeEach(func() {
		kube = fake.NewClientset(&batchv1.CronJob{ObjectMeta: metav1.ObjectMeta{Namespace: Builds, Name: "build"},
			Spec: batchv1.CronJobSpec{JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{
				Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "build", Image: "buildkit"}}}}}}}})
		b = &Builder{Kube: kube}
		var err error
		wanted, err = image.New("python-3.13", []string{"git", "jq"})
		Expect(err).NotTo(HaveOccurred())
	})

	It("builds what the kubelet could not pull, once for all who want it", func(ctx SpecContext) {
		environment("one", "ErrImagePull", wanted.Tag)
		environment("two", "ImagePullBackOff", wanted.Tag)
		environment("fine", "ContainerCreating", wanted.Tag)
		Expect(b.Once(ctx)).To(Succeed())
		Expect(b.Once(ctx)).To(Succeed())
		Expect(jobs()).To(HaveLen(1))
		Expect(jobs()[0].Name).To(HavePrefix("build-python-3-13-"))
		Expect(jobs()[0].Spec.Template.Spec.Containers[0].Env).To(ConsistOf(
			corev1.EnvVar{Name: "IMAGE", Value: "registry.example.com/dev/environment:" + wanted.Tag},
			corev1.EnvVar{Name: "BASE_IMAGE", Value: "python:3.13.9-slim-trixie"}, corev1.EnvVar{Name: "PACKAGES", Value: "git jq"},
		))
	})
	It("builds nothing that is not what the environment says", func(ctx SpecContext) {
		environment("one", "ErrImagePull", "python-3.13-0123456789ab")
		Expect(b.Once(ctx)).To(Succeed())
		Expect(jobs()).To(BeEmpty())
	})
	It("tells the pod once that a build has failed", func(ctx SpecContext) {
		environment("one", "ErrImagePull", wanted.Tag)
		Expect(b.Once(ctx)).To(Succeed())
		job := jobs()[0]
		job.UID = "1"
		job.Status.Conditions = []batchv1.JobCondition{{Type: batchv1.JobFailed, Status: corev1.ConditionTrue}}
		Expect(kube.Tracker().Update(batchv1.SchemeGroupVersion.WithResource("jobs"), &job, Builds)).To(Succeed())
		Expect(b.Once(ctx)).To(Succeed())
		Expect(b.Once(ctx)).To(Succeed())
		list, err := kube.CoreV1().Events("team-web").List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(list.Items).To(ConsistOf(And(HaveField("Reason", buildFailed), HaveField("Message", ContainSubstring("could not be built")), HaveField("InvolvedObject.Name", "one-0"))))
	})
})
