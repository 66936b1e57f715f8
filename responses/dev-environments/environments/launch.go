package environments

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"helm.sh/helm/v3/pkg/chartutil"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
)

// Choices are values of the chart that a person has chosen. Set puts one in.
type Choices map[string]any

// Set puts a value to its place.
func (c Choices) Set(value any, path ...string) {
	for _, key := range path[:len(path)-1] {
		inner, ok := c[key].(map[string]any)
		if !ok {
			inner = map[string]any{}
			c[key] = inner
		}
		c = inner
	}
	c[path[len(path)-1]] = value
}

// keep is Set for an image that shall stay, unless there is one by digest already.
func (c Choices) keep(name, part, key string) {
	if inner, _ := c[part].(map[string]any); inner == nil || !strings.Contains(fmt.Sprint(inner[key]), "@") {
		c.Set(name, part, key)
	}
}

func (c Choices) has(key string) bool { _, ok := c[key]; return ok }

// Launch starts a new environment, or the one of this name with other choices; what it has and nobody chooses anew stays.
// It returns when the cluster has accepted it: Progress tells the rest.
func (c *Client) Launch(ctx context.Context, team, name string, chosen Choices) error {
	if err := c.check(ctx, team, name); err != nil {
		return err
	}
	if !chosen.has("owner") {
		person, err := c.WhoAmI(ctx)
		if err != nil {
			return err
		}
		chosen.Set(person.Handle, "owner")
	}
	chosen.Set(team, "team")
	now, err := c.values(team, name)
	if err != nil {
		return err
	}
	all := chartutil.CoalesceTables(copied(chosen), now)
	// The group follows from the size.
	if !chosen.has("group") && (chosen.has("gpu") || chosen.has("memory")) {
		chosen.Set(groupOf(all), "group")
	}
	if err := c.images(ctx, all, chosen); err != nil {
		return err
	}
	return c.apply(ctx, team, name, chosen, true)
}

func groupOf(values map[string]any) string {
	memory, _ := values["memory"].(string)
	switch gpu, _ := values["gpu"].(float64); {
	case gpu > 0:
		return "gpu"
	case memory == "128Gi" || memory == "256Gi":
		return "high-memory"
	}
	return "general"
}

// Wake starts one that was shrunk; its lifetime counts from today.
func (c *Client) Wake(ctx context.Context, team, name string) error {
	return c.change(ctx, team, name, Choices{}, true)
}

// Pin has it never shrunk, or again.
func (c *Client) Pin(ctx context.Context, team, name string, pinned bool) error {
	return c.change(ctx, team, name, Choices{"pinned": pinned}, false)
}

// Extend counts its lifetime from today, and sets it anew if days is not 0.
func (c *Client) Extend(ctx context.Context, team, name string, days int) error {
	choices := Choices{}
	if days != 0 {
		choices["lifetimeDays"] = float64(days)
	}
	return c.change(ctx, team, name, choices, false)
}

func (c *Client) change(ctx context.Context, team, name string, chosen Choices, awake bool) error {
	if err := c.needs(ctx, team, name); err != nil {
		return err
	}
	set, err := c.kube.AppsV1().StatefulSets(namespace(team)).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	// Another image would restart it. What sleeps wakes with the newest, if somebody has built that.
	if awake && set.Spec.Replicas != nil && *set.Spec.Replicas == 0 {
		values, err := c.values(team, name)
		if err != nil {
			return err
		}
		if err := c.images(ctx, values, chosen); err != nil {
			return err
		}
	}
	pod := set.Spec.Template.Spec
	for _, container := range slices.Concat(pod.InitContainers, pod.Containers) {
		switch container.Name {
		case "environment":
			chosen.keep(container.Image, "image", "name")
		case "sessions":
			chosen.keep(container.Image, "sessions", "image")
		}
	}
	return c.apply(ctx, team, name, chosen, awake)
}

// Delete removes it. The home stays for the next launch of the name, unless it is asked for too.
func (c *Client) Delete(ctx context.Context, team, name string, withHome bool) error {
	if err := c.needs(ctx, team, name); err != nil {
		return err
	}
	if err := c.uninstall(team, name); err != nil {
		return err
	}
	if !withHome {
		return nil
	}
	claims := c.kube.CoreV1().PersistentVolumeClaims(namespace(team))
	if err := claims.Delete(ctx, "home-"+name, metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	return wait.PollUntilContextTimeout(ctx, 200*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		_, err := claims.Get(ctx, "home-"+name, metav1.GetOptions{})
		return apierrors.IsNotFound(err), nil
	})
}

func (c *Client) check(ctx context.Context, team, name string) error {
	if err := CheckName(team, name); err != nil {
		return err
	}
	return c.may(ctx, team)
}

func (c *Client) needs(ctx context.Context, team, name string) error {
	if err := c.check(ctx, team, name); err != nil {
		return err
	}
	exists, err := c.exists(team, name)
	if err == nil && !exists {
		return &Error{fmt.Sprintf("team %s has no environment %s", team, name), "devenv list --team " + team}
	}
	return err
}
