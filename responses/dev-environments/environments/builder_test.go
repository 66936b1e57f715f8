package environments

import (
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/fake"

	"dev-environments.test/image"
)

var _ = Describe("the builder", func() {
	const repository = "registry.example.com/dev/environment"
	var kube *fake.Clientset
	var b *Builder
	var unbuilt, week48 string
	var wanted image.Image
	digest := func(digit string) string { return "sha256:" + strings.Repeat(digit, 64) }

	environment := func(name, image string) {
		GinkgoHelper()
		Expect(kube.Tracker().Add(&appsv1.StatefulSet{
			ObjectMeta: metav1.ObjectMeta{Namespace: "team-web", Name: name, UID: types.UID(name), Labels: map[string]string{"app.kubernetes.io/name": "environment"},
				Annotations: map[string]string{"dev.example.com/image-base": "python-3.13", "dev.example.com/packages": "jq git", "dev.example.com/requirements": "python-web"}},
			Spec: appsv1.StatefulSetSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
				Containers: []corev1.Container{{Name: "environment", Image: image}}}}},
		})).To(Succeed())
	}
	has := func(name string) string {
		GinkgoHelper()
		set, err := kube.AppsV1().StatefulSets("team-web").Get(GinkgoTB().Context(), name, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		return imageOf(set)
	}
	catalogue := func(data map[string]string) {
		GinkgoHelper()
		Expect(kube.Tracker().Add(&corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: Platform, Name: Catalogue}, Data: data})).To(Succeed())
	}
	known := func() map[string]string {
		GinkgoHelper()
		configMap, err := kube.CoreV1().ConfigMaps(Platform).Get(GinkgoTB().Context(), Catalogue, metav1.GetOptions{})
		Expect(err).NotTo(HaveOccurred())
		return configMap.Data
	}
	jobs := func() []batchv1.Job {
		GinkgoHelper()
		list, err := kube.BatchV1().Jobs(Builds).List(GinkgoTB().Context(), metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		return list.Items
	}
	// ends lets the only job end, with what its pod has to say.
	ends := func(how batchv1.JobConditionType, message string) {
		GinkgoHelper()
		Expect(jobs()).To(HaveLen(1))
		job := jobs()[0]
		job.UID = "job"
		job.Status.Conditions = []batchv1.JobCondition{{Type: how, Status: corev1.ConditionTrue}}
		Expect(kube.Tracker().Update(batchv1.SchemeGroupVersion.WithResource("jobs"), &job, Builds)).To(Succeed())
		Expect(kube.Tracker().Add(&corev1.Pod{
			ObjectMeta: metav1.ObjectMeta{Namespace: Builds, Name: job.Name, Labels: map[string]string{"batch.kubernetes.io/job-name": job.Name}},
			Status:     corev1.PodStatus{ContainerStatuses: []corev1.ContainerStatus{{State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Message: message}}}}},
		})).To(Succeed())
	}
	BeforeEach(func() {
		kube = fake.NewClientset(&batchv1.CronJob{ObjectMeta: metav1.ObjectMeta{Namespace: Builds, Name: "build"},
			Spec: batchv1.CronJobSpec{JobTemplate: batchv1.JobTemplateSpec{Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{
				Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "build", Image: "buildkit"}}}}}}}})
		b = &Builder{Kube: kube, Repository: repository, Now: func() time.Time { return time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC) }}
		var err error
		wanted, err = image.New("python-3.13", []string{"git", "jq"}, "python-web")
		Expect(err).NotTo(HaveOccurred())
		unbuilt, week48 = repository+":"+wanted.Tag, repository+":"+wanted.Tag+"-2026w48"
	})

	It("builds what is not in the catalogue, once for all who want it, and gives it to them by digest", func(ctx SpecContext) {
		catalogue(nil)
		environment("one", unbuilt)
		environment("two", unbuilt)
		Expect(b.Once(ctx)).To(Succeed())
		Expect(b.Once(ctx)).To(Succeed())
		Expect(jobs()).To(HaveLen(1))
		Expect(jobs()[0].Name).To(And(HavePrefix("build-python-3-13-"), HaveSuffix("-2026w48")))
		Expect(jobs()[0].Spec.Template.Spec.Containers[0].Env).To(ConsistOf(
			corev1.EnvVar{Name: "IMAGE", Value: week48}, corev1.EnvVar{Name: "BASE_IMAGE", Value: "python:3.13.9-slim-trixie"},
			corev1.EnvVar{Name: "PACKAGES", Value: "git jq"}, corev1.EnvVar{Name: "REQUIREMENTS", Value: "python-web"},
		))
		ends(batchv1.JobComplete, digest("a")+"\n")
		Expect(b.Once(ctx)).To(Succeed())
		Expect(known()).To(Equal(map[string]string{wanted.Tag: week48 + "@" + digest("a")}))
		Expect([]string{has("one"), has("two")}).To(HaveEach(week48 + "@" + digest("a")))
	})
	It("gives what is in the catalogue already, and builds nothing that is not what the environment says", func(ctx SpecContext) {
		catalogue(map[string]string{wanted.Tag: week48 + "@" + digest("a")})
		environment("one", unbuilt)
		environment("two", repository+":python-3.13-0123456789ab")
		Expect(b.Once(ctx)).To(Succeed())
		Expect(has("one")).To(Equal(week48 + "@" + digest("a")))
		Expect(has("two")).To(HaveSuffix("0123456789ab"))
		Expect(jobs()).To(BeEmpty())
	})
	It("builds anew in a new week, moves the digest, and restarts nobody", func(ctx SpecContext) {
		old := repository + ":" + wanted.Tag + "-2026w47@" + digest("a")
		catalogue(map[string]string{wanted.Tag: old, "sessions": "registry.example.com/dev/sessions@" + digest("c"),
			"python-3.13-0123456789ab": repository + ":python-3.13-0123456789ab-2026w40@" + digest("d")})
		environment("one", old)
		Expect(b.Once(ctx)).To(Succeed())
		Expect(known()).NotTo(HaveKey("python-3.13-0123456789ab"), "nobody has it")
		ends(batchv1.JobComplete, digest("b"))
		Expect(b.Once(ctx)).To(Succeed())
		Expect(known()).To(Equal(map[string]string{wanted.Tag: week48 + "@" + digest("b") + " " + old, "sessions": "registry.example.com/dev/sessions@" + digest("c")}))
		Expect(has("one")).To(Equal(old), "it may start again where it is")

		By("forgetting the old one when nobody has it any more")
		Expect(kube.AppsV1().StatefulSets("team-web").Delete(ctx, "one", metav1.DeleteOptions{})).To(Succeed())
		Expect(b.Once(ctx)).To(Succeed())
		Expect(known()[wanted.Tag]).To(Equal(week48 + "@" + digest("b")))
		Expect(jobs()).To(HaveLen(1))
	})
	It("tells each who waits once that a build has failed, and leaves the catalogue as it is", func(ctx SpecContext) {
		catalogue(nil)
		environment("one", unbuilt)
		environment("two", unbuilt)
		Expect(b.Once(ctx)).To(Succeed())
		ends(batchv1.JobFailed, "")
		Expect(b.Once(ctx)).To(MatchError(ContainSubstring("has failed")))
		Expect(b.Once(ctx)).To(Succeed())
		list, err := kube.CoreV1().Events("team-web").List(ctx, metav1.ListOptions{})
		Expect(err).NotTo(HaveOccurred())
		Expect(list.Items).To(ConsistOf(HaveField("InvolvedObject.Name", "one"), HaveField("InvolvedObject.Name", "two")))
		Expect(list.Items).To(HaveEach(And(HaveField("Reason", buildFailed), HaveField("Message", ContainSubstring("could not be built")))))
		Expect(known()).To(BeEmpty())
	})
	It("takes nothing for a digest that is none", func(ctx SpecContext) {
		catalogue(nil)
		environment("one", unbuilt)
		Expect(b.Once(ctx)).To(Succeed())
		ends(batchv1.JobComplete, "latest")
		Expect(b.Once(ctx)).To(MatchError(ContainSubstring(`no digest: "latest"`)))
		Expect(known()).To(BeEmpty())
	})
})
