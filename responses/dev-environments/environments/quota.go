package environments

import (
	"context"
	"errors"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// fits says which quota a new pod would exceed, which the API server would say only when the one of before has ended.
func (c *Client) fits(ctx context.Context, team string, set, before *appsv1.StatefulSet) error {
	quotas, err := c.kube.CoreV1().ResourceQuotas(namespace(team)).List(ctx, metav1.ListOptions{})
	if err != nil {
		return refusal(err, team)
	}
	asked, freed := requests(set), corev1.ResourceList{}
	if before != nil {
		freed = requests(before)
	}
	var exceeded []error
	for _, quota := range quotas.Items {
		for name, hard := range quota.Status.Hard {
			more, counted := asked[name]
			if !counted {
				continue
			}
			used := quota.Status.Used[name]
			total := used.DeepCopy()
			total.Sub(freed[name])
			total.Add(more)
			if total.Cmp(hard) > 0 && more.Cmp(freed[name]) > 0 {
				exceeded = append(exceeded, fmt.Errorf("exceeded quota: %s, requested: %s=%s, used: %s=%s, limited: %s=%s",
					quota.Name, name, more.String(), name, used.String(), name, hard.String()))
			}
		}
	}
	if err := errors.Join(exceeded...); err != nil {
		return &Error{oneLine(err.Error()), hint(err.Error())}
	}
	return nil
}

// requests are what a quota counts of the pod; none, if there is none.
func requests(set *appsv1.StatefulSet) corev1.ResourceList {
	all := corev1.ResourceList{}
	if set.Spec.Replicas != nil && *set.Spec.Replicas == 0 {
		return all
	}
	pod := set.Spec.Template.Spec
	for _, container := range append(append([]corev1.Container{}, pod.InitContainers...), pod.Containers...) {
		for prefix, list := range map[corev1.ResourceName]corev1.ResourceList{"requests.": container.Resources.Requests, "limits.": container.Resources.Limits} {
			for name, quantity := range list {
				key := prefix + name
				if name == "nvidia.com/gpu" {
					key = "requests." + name // its request is its limit
				}
				sum := all[key]
				sum.Add(quantity)
				all[key] = sum
			}
		}
	}
	return all
}
