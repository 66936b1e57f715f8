package environments

import (
	"context"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
)

// Kept is how long the home of a deleted environment stays.
const Kept = 14 * 24 * time.Hour

const selector = "app.kubernetes.io/name=environment"

// home is its volume's claim, or nil if there is none.
func (c *Client) home(ctx context.Context, team, name string) (*corev1.PersistentVolumeClaim, error) {
	home, err := c.kube.CoreV1().PersistentVolumeClaims(namespace(team)).Get(ctx, "home-"+name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, refusal(err, team)
	}
	return home, nil
}

func (w wanted) homeSize() resource.Quantity { return resource.MustParse(w.Home) } // one of the offer

func sizeOf(home *corev1.PersistentVolumeClaim) resource.Quantity {
	return home.Spec.Resources.Requests[corev1.ResourceStorage]
}

// Delete ends it. Its home stays for a fortnight, and with it what Restore needs; until when it stays is returned.
func (c *Client) Delete(ctx context.Context, team, name string) (time.Time, error) {
	set, err := c.get(ctx, team, name)
	if err != nil {
		return time.Time{}, err
	}
	sets := c.kube.AppsV1().StatefulSets(namespace(team))
	// Who may not delete it may not write on its home either.
	if err := sets.Delete(ctx, name, metav1.DeleteOptions{DryRun: []string{metav1.DryRunAll}}); err != nil {
		return time.Time{}, refusal(err, team)
	}
	now := time.Now().UTC()
	note := quoted(map[string]any{"metadata": map[string]any{"annotations": map[string]string{
		annotationDeleted: now.Format(time.RFC3339), annotationChoices: set.Annotations[annotationChoices],
	}}})
	_, err = c.kube.CoreV1().PersistentVolumeClaims(namespace(team)).
		Patch(ctx, "home-"+name, types.MergePatchType, []byte(note), metav1.PatchOptions{FieldManager: manager})
	if err != nil && !apierrors.IsNotFound(err) {
		return time.Time{}, refusal(err, team)
	}
	if err := sets.Delete(ctx, name, metav1.DeleteOptions{}); err != nil {
		return time.Time{}, refusal(err, team)
	}
	if err := c.kube.CoreV1().Services(namespace(team)).Delete(ctx, name, metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
		return time.Time{}, refusal(err, team)
	}
	return now.Add(Kept), nil
}

// Restore launches a deleted environment as it was, with its home.
func (c *Client) Restore(ctx context.Context, team, name string) error {
	if err := CheckName(team, name); err != nil {
		return err
	}
	home, err := c.home(ctx, team, name)
	if err != nil {
		return err
	}
	if home == nil || home.Annotations[annotationDeleted] == "" {
		return &Error{fmt.Sprintf("team %s has no deleted environment %s", team, name), "devenv list --team " + team}
	}
	return c.Launch(ctx, team, name, ownerOf(home.Labels), choicesOf(home))
}

// Sweep removes the homes whose environments were deleted long enough ago, and returns their names.
func Sweep(ctx context.Context, kube kubernetes.Interface, now time.Time) (removed []string, _ error) {
	homes, err := kube.CoreV1().PersistentVolumeClaims(metav1.NamespaceAll).List(ctx, metav1.ListOptions{LabelSelector: selector})
	if err != nil {
		return nil, err
	}
	for _, home := range homes.Items {
		deleted, err := time.Parse(time.RFC3339, home.Annotations[annotationDeleted])
		if err != nil || now.Sub(deleted) < Kept {
			continue
		}
		// The version goes along: who restores it in the same moment keeps it.
		only := metav1.DeleteOptions{Preconditions: &metav1.Preconditions{UID: &home.UID, ResourceVersion: &home.ResourceVersion}}
		if err := kube.CoreV1().PersistentVolumeClaims(home.Namespace).Delete(ctx, home.Name, only); err != nil {
			return removed, fmt.Errorf("%s/%s: %w", home.Namespace, home.Name, err)
		}
		removed = append(removed, home.Namespace+"/"+home.Name)
	}
	return removed, nil
}
