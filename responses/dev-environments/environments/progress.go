package environments

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Step is one thing that a start goes through.
type Step struct {
	Name    string
	Done    bool
	Message string // what it waits for, or what came of it, in the cluster's words
}

// Progress is how far a start has come.
type Progress struct {
	Environment Environment
	Steps       []Step
	Refused     *Error // there will be no pod or no container, if nothing is changed
}

// Waiting is what the start waits for, in the words of who makes it wait. Empty: there is nothing to say.
func (p Progress) Waiting() string {
	for _, step := range p.Steps {
		if !step.Done {
			return step.Message
		}
	}
	return ""
}

var (
	noise = regexp.MustCompile(` (no new claims|preemption:).*`)
	stuck = regexp.MustCompile(`^(ErrImagePull|ImagePullBackOff|InvalidImageName|(Create|Run)Container\w*Error|CrashLoopBackOff)$`)
	gone  = regexp.MustCompile(`secret ".*" not found`)
)

// Progress looks once.
func (c *Client) Progress(ctx context.Context, team, name string) (Progress, error) {
	set, err := c.get(ctx, team, name)
	if err != nil {
		return Progress{}, err
	}
	pod, err := c.kube.CoreV1().Pods(namespace(team)).Get(ctx, name+"-0", metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		pod = nil
	} else if err != nil {
		return Progress{}, refusal(err, team)
	}
	events, err := c.kube.CoreV1().Events(namespace(team)).List(ctx, metav1.ListOptions{})
	if err != nil {
		return Progress{}, refusal(err, team)
	}
	p := progress(set, pod, events.Items)
	if home, err := c.home(ctx, team, name); err == nil && home != nil {
		size := sizeOf(home)
		p.Environment.Home = size.String()
	}
	return p, nil
}

func progress(set *appsv1.StatefulSet, pod *corev1.Pod, events []corev1.Event) (p Progress) {
	p.Environment = describe(set)
	steps := []Step{{Name: "accepted"}, {Name: "placed"}, {Name: "image"}, {Name: "started"}}
	defer func() { p.Steps = steps }()
	refuse := func(message, try string) { p.Refused = &Error{message, try} }

	current := set.Generation == set.Status.ObservedGeneration
	if current && pod != nil && pod.Labels[appsv1.ControllerRevisionHashLabelKey] != set.Status.UpdateRevision {
		steps[0].Message = "the previous pod has to end"
		return p
	}
	if !current || pod == nil || pod.DeletionTimestamp != nil {
		// A quota, an admission policy, the namespace's security level.
		asked, _ := strconv.ParseUint(set.Annotations[annotationAsked], 10, 64)
		ofSet := func(e corev1.Event) bool {
			version, _ := strconv.ParseUint(e.ResourceVersion, 10, 64)
			return e.InvolvedObject.Kind == "StatefulSet" && e.InvolvedObject.Name == set.Name && version > asked
		}
		message := newest(events, ofSet, "FailedCreate")
		// The service account is made in the same moment: the next try finds it.
		if current && pod == nil && message != "" && !strings.Contains(message, "service account") {
			for _, before := range []string{"denied request: ", "failed error: "} {
				if _, after, found := strings.Cut(message, before); found {
					message = after
				}
			}
			text, try, _ := strings.Cut(message, "; try: ")
			if try == "" {
				try = hint(text)
			}
			refuse(text, try)
		}
		steps[0].Message = message
		return p
	}
	steps[0].Done = true

	ofPod := func(e corev1.Event) bool { return e.InvolvedObject.UID == pod.UID }
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodScheduled && condition.Reason == corev1.PodReasonUnschedulable {
			steps[1].Message = noise.ReplaceAllString(condition.Message, "") + autoscaler(events, ofPod)
		}
	}
	if steps[1].Done = pod.Spec.NodeName != ""; !steps[1].Done {
		return p
	}
	steps[1].Message = "on node " + pod.Spec.NodeName

	steps[2].Message = newest(events, ofPod, "FailedMount")
	if gone.MatchString(steps[2].Message) { // a mount can be late, but not that of a Secret that is not there
		refuse(steps[2].Message, hint(steps[2].Message))
	}
	for _, status := range slices.Concat(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses) {
		waiting := status.State.Waiting
		if waiting != nil && stuck.MatchString(waiting.Reason) {
			message := waiting.Reason + ": " + waiting.Message
			refuse(message, hint(message))
		}
		if status.Name == "environment" {
			steps[2].Done = status.ImageID != "" || status.State.Running != nil
			steps[3].Done = status.Ready
		}
	}
	if steps[2].Done {
		steps[2].Message = ""
	}
	p.Environment.Ready = p.Environment.Ready && steps[3].Done
	steps[3].Done = p.Environment.Ready
	return p
}

// autoscaler is what it said last, with its reasons in order: it lists the same ones in another each time.
func autoscaler(events []corev1.Event, about func(corev1.Event) bool) string {
	said := strings.TrimPrefix(newest(events, about, "TriggeredScaleUp", "NotTriggerScaleUp"), "(combined from similar events): ")
	what, reasons, found := strings.Cut(said, ": ")
	if !found {
		return ""
	}
	return " Autoscaler: " + what + ": " + strings.Join(slices.Sorted(slices.Values(strings.Split(reasons, ", "))), ", ")
}

func newest(events []corev1.Event, about func(corev1.Event) bool, reasons ...string) string {
	var message string
	var last uint64
	for _, event := range events {
		version, _ := strconv.ParseUint(event.ResourceVersion, 10, 64)
		if slices.Contains(reasons, event.Reason) && about(event) && version >= last {
			message, last = event.Message, version
		}
	}
	return message
}
