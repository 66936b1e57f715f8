package environments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"dev-environments.test/image"
)

var errRuns = errors.New("it is being built")

// build returns this week's image by digest when there is one, and sees to a job for it until then. Who waits hears of a failure.
func (b *Builder) build(ctx context.Context, wanted image.Image, waiting []*appsv1.StatefulSet) (string, error) {
	name := wanted.Weekly(b.Repository, b.Now())
	job, err := b.Kube.BatchV1().Jobs(Builds).Get(ctx, jobName(name), metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return "", cmp.Or(b.start(ctx, name, wanted), errRuns)
	}
	if err != nil {
		return "", err
	}
	for _, condition := range job.Status.Conditions {
		switch {
		case condition.Status != corev1.ConditionTrue:
		case condition.Type == batchv1.JobComplete:
			digest := b.said(ctx, job)
			if !digestPattern.MatchString(digest) {
				return "", fmt.Errorf("job %s: no digest: %q", job.Name, digest)
			}
			return name + "@" + digest, nil
		case condition.Type == batchv1.JobFailed:
			reason := b.lastLine(ctx, job)
			var failed error
			if b.first(job.UID) {
				failed = fmt.Errorf("job %s has failed: %s", job.Name, reason)
			}
			for _, set := range waiting {
				if !b.first(job.UID + set.UID) {
					continue
				}
				if err := b.tell(ctx, set, "the image could not be built: "+reason); err != nil {
					failed = errors.Join(failed, err)
					delete(b.told, job.UID+set.UID)
				}
			}
			return "", failed
		}
	}
	return "", errRuns
}

func (b *Builder) first(what types.UID) bool {
	if b.told == nil {
		b.told = map[types.UID]bool{}
	}
	before := b.told[what]
	b.told[what] = true
	return !before
}

var digestPattern = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func jobName(name string) string {
	return "build-" + strings.ReplaceAll(name[strings.LastIndex(name, ":")+1:], ".", "-")
}

func (b *Builder) start(ctx context.Context, name string, wanted image.Image) error {
	template, err := b.Kube.BatchV1().CronJobs(Builds).Get(ctx, "build", metav1.GetOptions{})
	if err != nil {
		return err
	}
	job := &batchv1.Job{
		ObjectMeta: metav1.ObjectMeta{Name: jobName(name), Namespace: Builds, Labels: template.Spec.JobTemplate.Labels},
		Spec:       *template.Spec.JobTemplate.Spec.DeepCopy(),
	}
	for i := range job.Spec.Template.Spec.Containers {
		container := &job.Spec.Template.Spec.Containers[i]
		container.Env = append(container.Env, corev1.EnvVar{Name: "IMAGE", Value: name}, corev1.EnvVar{Name: "BASE_IMAGE", Value: wanted.From},
			corev1.EnvVar{Name: "PACKAGES", Value: strings.Join(wanted.Packages, " ")}, corev1.EnvVar{Name: "REQUIREMENTS", Value: wanted.Requirements})
	}
	_, err = b.Kube.BatchV1().Jobs(Builds).Create(ctx, job, metav1.CreateOptions{})
	slog.Info("builds", "image", name, "packages", wanted.Packages, "error", err)
	return err
}

// said is what a job has left as its answer.
func (b *Builder) said(ctx context.Context, job *batchv1.Job) string {
	for _, pod := range b.pods(ctx, job) {
		for _, status := range pod.Status.ContainerStatuses {
			if ended := status.State.Terminated; ended != nil && ended.ExitCode == 0 {
				return strings.TrimSpace(ended.Message)
			}
		}
	}
	return ""
}

func (b *Builder) pods(ctx context.Context, job *batchv1.Job) []corev1.Pod {
	pods, err := b.Kube.CoreV1().Pods(Builds).List(ctx, metav1.ListOptions{LabelSelector: "batch.kubernetes.io/job-name=" + job.Name})
	if err != nil {
		return nil
	}
	return pods.Items
}

// lastLine is what the build said last.
func (b *Builder) lastLine(ctx context.Context, job *batchv1.Job) string {
	const unknown = "its log is gone"
	pods := b.pods(ctx, job)
	if len(pods) == 0 {
		return unknown
	}
	newest := slices.MaxFunc(pods, func(a, b corev1.Pod) int { return a.CreationTimestamp.Compare(b.CreationTimestamp.Time) })
	lines := int64(1)
	log, err := b.Kube.CoreV1().Pods(Builds).GetLogs(newest.Name, &corev1.PodLogOptions{Container: "build", TailLines: &lines}).DoRaw(ctx)
	if err != nil || len(log) == 0 {
		return unknown
	}
	return oneLine(string(log))
}

func (b *Builder) tell(ctx context.Context, set *appsv1.StatefulSet, message string) error {
	now := metav1.Now()
	_, err := b.Kube.CoreV1().Events(set.Namespace).Create(ctx, &corev1.Event{
		ObjectMeta:     metav1.ObjectMeta{Name: fmt.Sprintf("%s.%x", set.Name, now.UnixNano()), Namespace: set.Namespace},
		InvolvedObject: corev1.ObjectReference{APIVersion: "apps/v1", Kind: "StatefulSet", Namespace: set.Namespace, Name: set.Name, UID: set.UID},
		Type:           corev1.EventTypeWarning, Reason: buildFailed, Message: message,
		FirstTimestamp: now, LastTimestamp: now, Count: 1, Source: corev1.EventSource{Component: "builder"},
	}, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("%s, and nobody was told: %w", message, err)
	}
	return nil
}

const buildFailed = "ImageBuildFailed"
