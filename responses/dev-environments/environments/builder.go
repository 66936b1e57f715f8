package environments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
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

// Builder sees to the catalogue: what an environment asks for and nobody has built a job builds, and in every new week it builds
// what environments have anew. Who waits gets the image at once, who runs at the next wake or change.
type Builder struct {
	Kube       kubernetes.Interface
	Repository string // of environments' images
	Now        func() time.Time
	told       map[types.UID]bool // failures
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
	sets, err := b.Kube.AppsV1().StatefulSets(metav1.NamespaceAll).List(ctx, metav1.ListOptions{LabelSelector: "app.kubernetes.io/name=environment"})
	if err != nil {
		return err
	}
	catalogue, err := b.Kube.CoreV1().ConfigMaps(Platform).Get(ctx, Catalogue, metav1.GetOptions{})
	if err != nil {
		return err
	}
	known := maps.Clone(catalogue.Data)
	if known == nil {
		known = map[string]string{}
	}
	asked, old := map[string]image.Image{}, map[string]image.Image{}
	waiting := map[string][]*appsv1.StatefulSet{}
	has := map[string]bool{} // images by digest
	for i := range sets.Items {
		set := &sets.Items[i]
		name := imageOf(set)
		for _, container := range slices.Concat(set.Spec.Template.Spec.InitContainers, set.Spec.Template.Spec.Containers) {
			has[container.Image] = true
		}
		a := set.Annotations
		wanted, err := image.New(a["dev.example.com/image-base"], strings.Fields(a["dev.example.com/packages"]), a["dev.example.com/requirements"])
		switch {
		case err != nil: // nothing that can be chosen
		case name == b.Repository+":"+wanted.Tag:
			waiting[wanted.Tag] = append(waiting[wanted.Tag], set)
			if known[wanted.Tag] == "" {
				asked[wanted.Tag] = wanted
			}
		case known[wanted.Tag] != "" && !b.fresh(known, wanted.Tag):
			old[wanted.Tag] = wanted
		}
	}
	var failed error
	for tag, wanted := range asked {
		name, err := b.build(ctx, wanted, waiting[tag])
		if !errors.Is(err, errRuns) {
			failed = errors.Join(failed, err)
		}
		if name != "" {
			known[tag] = name
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(old)) {
		name, err := b.build(ctx, old[tag], nil)
		if errors.Is(err, errRuns) { // nobody waits for these: one after the other
			break
		}
		failed = errors.Join(failed, err)
		if name != "" {
			known[tag] = name + " " + known[tag]
		}
	}
	for tag, names := range known {
		all := strings.Fields(names)
		for len(all) > 1 && !has[all[len(all)-1]] {
			all = all[:len(all)-1]
		}
		known[tag] = strings.Join(all, " ")
		if !b.fresh(known, tag) && !has[current(known, tag)] && len(all) == 1 {
			delete(known, tag) // nobody has it: who wants it next gets it new
		}
	}
	if !maps.Equal(known, catalogue.Data) {
		catalogue.Data = known
		if _, err := b.Kube.CoreV1().ConfigMaps(Platform).Update(ctx, catalogue, metav1.UpdateOptions{}); err != nil {
			return errors.Join(failed, err)
		}
	}
	for tag, sets := range waiting {
		if name := current(known, tag); name != "" {
			for _, set := range sets {
				failed = errors.Join(failed, b.give(ctx, set, name))
			}
		}
	}
	return failed
}

func imageOf(set *appsv1.StatefulSet) string {
	for _, container := range set.Spec.Template.Spec.Containers {
		if container.Name == "environment" {
			return container.Image
		}
	}
	return ""
}

// fresh says whether the newest image of a tag is of this week, or was not built here.
func (b *Builder) fresh(known map[string]string, tag string) bool {
	name := current(known, tag)
	return !strings.HasPrefix(name, b.Repository+":"+tag+"-") || strings.HasPrefix(name, image.Image{Tag: tag}.Weekly(b.Repository, b.Now())+"@")
}

func (b *Builder) give(ctx context.Context, set *appsv1.StatefulSet, name string) error {
	patch := fmt.Sprintf(`{"spec": {"template": {"spec": {"containers": [{"name": "environment", "image": %q}]}}}}`, name)
	_, err := b.Kube.AppsV1().StatefulSets(set.Namespace).Patch(ctx, set.Name, types.StrategicMergePatchType, []byte(patch), metav1.PatchOptions{})
	return err
}

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
