package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
)

const (
	selector = "app.kubernetes.io/name=environment"
	pinned   = "dev.example.com/pinned"
	expires  = "dev.example.com/expires"
	asleep   = "dev.example.com/asleep"
)

type sleeper struct {
	client kubernetes.Interface
	now    func() time.Time
}

// environment is one that was found idle, and when.
type environment struct {
	namespace, name string
	idleAt          time.Time
	expired         bool
}

// idle puts the environment to sleep, unless that is done already, or was decided about a pod that is gone: who has just woken it
// must not lose it to an alert from before.
func (s sleeper) idle(ctx context.Context, e environment) error {
	set, err := s.client.AppsV1().StatefulSets(e.namespace).Get(ctx, e.name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		slog.Info("deleted meanwhile", "namespace", e.namespace, "environment", e.name)
		return nil
	}
	if err != nil {
		return err
	}
	pod, err := s.client.CoreV1().Pods(e.namespace).Get(ctx, e.name+"-0", metav1.GetOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	if err != nil || pod.Status.StartTime == nil || pod.Status.StartTime.After(e.idleAt) {
		slog.Info("left awake: no pod, or one that started after the alert", "namespace", e.namespace, "environment", e.name)
		return nil
	}
	if e.expired {
		return s.sleep(ctx, set, "idle after its last day, "+set.Annotations[expires])
	}
	return s.sleep(ctx, set, "idle")
}

// lastDays writes, as Prometheus reads it, when each environment's last day is over, by UTC. What follows from that the alerts say:
// nothing that is busy ends by a date.
func (s sleeper) lastDays(ctx context.Context, w io.Writer) error {
	sets, err := s.client.AppsV1().StatefulSets(metav1.NamespaceAll).List(ctx, metav1.ListOptions{LabelSelector: selector})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "# TYPE environment_expires_timestamp_seconds gauge")
	for _, set := range sets.Items {
		last, ok := set.Annotations[expires]
		if !ok {
			continue
		}
		day, err := time.Parse(time.DateOnly, last)
		if err != nil {
			slog.Error(fmt.Sprintf("not a day: %s of %s/%s; try: 2026-12-31", expires, set.Namespace, set.Name))
			continue
		}
		fmt.Fprintf(w, "environment_expires_timestamp_seconds{namespace=%q,environment=%q} %d\n", set.Namespace, set.Name, day.AddDate(0, 0, 1).Unix())
	}
	return nil
}

// sleep scales to zero whatever is an environment, awake and not pinned, and says so on the StatefulSet and as an event.
func (s sleeper) sleep(ctx context.Context, set *appsv1.StatefulSet, reason string) error {
	log := slog.With("namespace", set.Namespace, "environment", set.Name, "reason", reason)
	switch {
	case set.Labels["app.kubernetes.io/name"] != "environment":
		log.Warn("left alone: no environment")
		return nil
	case set.Labels[pinned] == "true":
		log.Info("left awake: pinned")
		return nil
	case set.Spec.Replicas != nil && *set.Spec.Replicas == 0:
		log.Info("asleep already")
		return nil
	}
	// The note first: were it second, a failure between the two would leave an environment down that does not say why.
	// The version of what was read goes along with both: who pins meanwhile gets a conflict here, and Alertmanager asks again.
	sets := s.client.AppsV1().StatefulSets(set.Namespace)
	note, err := json.Marshal(map[string]any{"metadata": map[string]any{
		"resourceVersion": set.ResourceVersion,
		"annotations":     map[string]string{asleep: s.now().UTC().Format(time.RFC3339) + " " + reason},
	}})
	if err != nil {
		return err
	}
	noted, err := sets.Patch(ctx, set.Name, types.MergePatchType, note, metav1.PatchOptions{})
	if err != nil {
		return err
	}
	_, err = sets.UpdateScale(ctx, set.Name, &autoscalingv1.Scale{
		ObjectMeta: metav1.ObjectMeta{Namespace: set.Namespace, Name: set.Name, ResourceVersion: noted.ResourceVersion},
	}, metav1.UpdateOptions{})
	if err != nil {
		return err
	}
	log.Info("asleep")
	if err := s.event(ctx, noted, reason); err != nil {
		log.Warn("asleep, but without an event", "error", err)
	}
	return nil
}

func (s sleeper) event(ctx context.Context, set *appsv1.StatefulSet, reason string) error {
	now := metav1.NewTime(s.now())
	_, err := s.client.CoreV1().Events(set.Namespace).Create(ctx, &corev1.Event{
		ObjectMeta: metav1.ObjectMeta{GenerateName: set.Name + ".", Namespace: set.Namespace},
		InvolvedObject: corev1.ObjectReference{
			APIVersion: "apps/v1", Kind: "StatefulSet", Namespace: set.Namespace, Name: set.Name, UID: set.UID,
		},
		Type: corev1.EventTypeNormal, Reason: "Asleep", Message: "put to sleep: " + reason,
		FirstTimestamp: now, LastTimestamp: now, Count: 1, Source: corev1.EventSource{Component: "sleep"},
	}, metav1.CreateOptions{})
	return err
}
