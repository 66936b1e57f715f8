package environments

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"dev-environments.test/image"
)

// Builds is the namespace of the jobs that build images; the suspended CronJob `build` there is their template.
const Builds = "builds"

// Builder sees to images that nobody has built yet: an environment says which base and packages it wants, the kubelet that there is
// no such image, and a job builds it. The kubelet pulls it at one of its next tries.
type Builder struct {
	Kube kubernetes.Interface
	told map[types.UID]bool // jobs whose failure the pod's events have
}

// Run looks every few seconds until the context ends.
func (b *Builder) Run(ctx context.Context) {
	for {
		if err := b.Once(ctx); err != nil && ctx.Err() == nil {
			slog.Error(oneLine(err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(5 * time.Second):
		}
	}
}

// Once looks at all environments.
func (b *Builder) Once(ctx context.Context) error {
	pods, err := b.Kube.CoreV1().Pods(metav1.NamespaceAll).List(ctx, metav1.ListOptions{LabelSelector: "app.kubernetes.io/name=environment"})
	if err != nil {
		return err
	}
	var failed error
	for i := range pods.Items {
		if name := missing(&pods.Items[i]); name != "" {
			failed = errors.Join(failed, b.see(ctx, &pods.Items[i], name))
		}
	}
	return failed
}

// missing is the image that the kubelet could not pull.
func missing(pod *corev1.Pod) string {
	for _, status := range pod.Status.ContainerStatuses {
		if waiting := status.State.Waiting; status.Name == "environment" && waiting != nil && notPulled(waiting.Reason) {
			return status.Image
		}
	}
	return ""
}

func notPulled(reason string) bool { return reason == "ErrImagePull" || reason == "ImagePullBackOff" }

func (b *Builder) see(ctx context.Context, pod *corev1.Pod, name string) error {
	set, err := b.Kube.AppsV1().StatefulSets(pod.Namespace).Get(ctx, pod.Labels["app.kubernetes.io/instance"], metav1.GetOptions{})
	if err != nil {
		return err
	}
	wanted, err := image.New(set.Annotations["dev.example.com/image-base"], strings.Fields(set.Annotations["dev.example.com/packages"]))
	if err != nil || !strings.HasSuffix(name, ":"+wanted.Tag) {
		return nil // none of the catalogue: what it says it wants is not what it asks the kubelet for
	}
	jobs := b.Kube.BatchV1().Jobs(Builds)
	job, err := jobs.Get(ctx, "build-"+strings.ReplaceAll(wanted.Tag, ".", "-"), metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return b.start(ctx, name, wanted)
	}
	if err != nil {
		return err
	}
	for _, condition := range job.Status.Conditions {
		if condition.Type == batchv1.JobFailed && condition.Status == corev1.ConditionTrue && !b.told[job.UID] {
			if err := b.tell(ctx, pod, "the image could not be built: "+b.lastLine(ctx, job)); err != nil {
				return err
			}
			if b.told == nil {
				b.told = map[types.UID]bool{}
			}
			b.told[job.UID] = true
		}
	}
	return nil
}

func (b *Builder) start(ctx context.Context, name string, wanted image.Image) error {
	template, err := b.Kube.BatchV1().CronJobs(Builds).Get(ctx, "build", metav1.GetOptions{})
	if err != nil {
		return err
	}
	job := &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: "build-" + strings.ReplaceAll(wanted.Tag, ".", "-"), Namespace: Builds, Labels: template.Spec.JobTemplate.Labels},
		Spec:       *template.Spec.JobTemplate.Spec.DeepCopy(),
	}
	for i := range job.Spec.Template.Spec.Containers {
		container := &job.Spec.Template.Spec.Containers[i]
		container.Env = append(container.Env, corev1.EnvVar{Name: "IMAGE", Value: name}, corev1.EnvVar{Name: "BASE_IMAGE", Value: wanted.From},
			corev1.EnvVar{Name: "PACKAGES", Value: strings.Join(wanted.Packages, " ")})
	}
	_, err = b.Kube.BatchV1().Jobs(Builds).Create(ctx, job, metav1.CreateOptions{})
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	slog.Info("builds", "image", name, "packages", wanted.Packages, "error", err)
	return err
}

// lastLine is what the build said last.
func (b *Builder) lastLine(ctx context.Context, job *batchv1.Job) string {
	const unknown = "its log is gone"
	pods, err := b.Kube.CoreV1().Pods(Builds).List(ctx, metav1.ListOptions{LabelSelector: "batch.kubernetes.io/job-name=" + job.Name})
	if err != nil || len(pods.Items) == 0 {
		return unknown
	}
	newest := slices.MaxFunc(pods.Items, func(a, b corev1.Pod) int { return a.CreationTimestamp.Compare(b.CreationTimestamp.Time) })
	lines := int64(1)
	log, err := b.Kube.CoreV1().Pods(Builds).GetLogs(newest.Name, &corev1.PodLogOptions{Container: "build", TailLines: &lines}).DoRaw(ctx)
	if err != nil || len(log) == 0 {
		return unknown
	}
	return oneLine(string(log))
}

func (b *Builder) tell(ctx context.Context, pod *corev1.Pod, message string) error {
	now := metav1.Now()
	_, err := b.Kube.CoreV1().Events(pod.Namespace).Create(ctx, &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{GenerateName: pod.Name + ".", Namespace: pod.Namespace},
		InvolvedObject: corev1.ObjectReference{APIVersion: "v1", Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID},
		Type:           corev1.EventTypeWarning, Reason: buildFailed, Message: message,
		FirstTimestamp: now, LastTimestamp: now, Count: 1, Source: corev1.EventSource{Component: "builder"},
	}, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("%s, and nobody was told: %w", message, err)
	}
	return nil
}

const buildFailed = "ImageBuildFailed"
