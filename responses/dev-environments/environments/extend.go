package environments

import (
	"context"
	"fmt"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// Pin keeps it awake however idle it is, or no longer. It touches nothing that runs.
func (c *Client) Pin(ctx context.Context, team, name string, pinned bool) error {
	set, err := c.get(ctx, team, name)
	if err != nil {
		return err
	}
	return c.annotate(ctx, set, team, map[string]any{"labels": map[string]string{labelPinned: fmt.Sprint(pinned)}})
}

// Extend counts its lifetime from today, in these days if they are not empty. It touches nothing that runs.
func (c *Client) Extend(ctx context.Context, team, name, days string) error {
	set, err := c.get(ctx, team, name)
	if err != nil {
		return err
	}
	chosen := choicesOf(set)
	if days != "" {
		p, err := c.settings(ctx)
		if err != nil {
			return err
		}
		offer := []Field{{Name: "lifetime", Choices: p.Offer["lifetime"]}}
		if _, err := complete(offer, Choices{"lifetime": days}); err != nil {
			return err
		}
		chosen["lifetime"] = days
	}
	return c.annotate(ctx, set, team, map[string]any{"annotations": map[string]string{annotationExpires: lastDay(chosen), annotationChoices: quoted(chosen)}})
}

func (c *Client) annotate(ctx context.Context, set *appsv1.StatefulSet, team string, metadata map[string]any) error {
	patch := []byte(quoted(map[string]any{"metadata": metadata}))
	_, err := c.kube.AppsV1().StatefulSets(set.Namespace).Patch(ctx, set.Name, types.MergePatchType, patch, metav1.PatchOptions{FieldManager: manager})
	return refusal(err, team)
}
