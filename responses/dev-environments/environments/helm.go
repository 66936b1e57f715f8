package environments

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"helm.sh/helm/v3/pkg/action"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/kube"
	"helm.sh/helm/v3/pkg/storage/driver"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

func (c *Client) uninstall(team, name string) error {
	helm, err := c.helm(team)
	if err != nil {
		return err
	}
	uninstall := action.NewUninstall(helm)
	uninstall.Wait, uninstall.Timeout = true, 2*time.Minute
	_, err = uninstall.Run(name)
	return err
}

// helm keeps its releases in ConfigMaps: with its default, who launches would have to be allowed to read the team's Secrets.
func (c *Client) helm(team string) (*action.Configuration, error) {
	configuration := new(action.Configuration)
	if err := configuration.Init(c.getter, namespace(team), "configmap", func(string, ...any) {}); err != nil {
		return nil, err
	}
	configuration.KubeClient.(*kube.Client).Namespace = namespace(team)
	return configuration, nil
}

func (c *Client) exists(team, name string) (bool, error) {
	helm, err := c.helm(team)
	if err != nil {
		return false, err
	}
	_, err = helm.Releases.Last(name)
	if errors.Is(err, driver.ErrReleaseNotFound) {
		return false, nil
	}
	return err == nil, err
}

// values are what the environment has, or the chart's defaults.
func (c *Client) values(team, name string) (map[string]any, error) {
	helm, err := c.helm(team)
	if err != nil {
		return nil, err
	}
	config := map[string]any{}
	if release, err := helm.Releases.Last(name); err == nil {
		config = release.Config
	} else if !errors.Is(err, driver.ErrReleaseNotFound) {
		return nil, err
	}
	return chartutil.CoalesceValues(c.chart, copied(config))
}

// Chosen are the values that it has.
func (c *Client) Chosen(ctx context.Context, team, name string) (map[string]any, error) {
	if err := c.needs(ctx, team, name); err != nil {
		return nil, err
	}
	return c.values(team, name)
}

// copied is a deep copy with JSON's types.
func copied(values map[string]any) map[string]any {
	content, _ := json.Marshal(values)
	result := map[string]any{}
	_ = json.Unmarshal(content, &result)
	return result
}

// apply installs or upgrades the release, and starts the pod if it shall be awake.
func (c *Client) apply(ctx context.Context, team, name string, chosen Choices, awake bool) error {
	settings, err := c.settings(ctx)
	if err != nil {
		return err
	}
	before, err := c.kube.CoreV1().Events(namespace(team)).List(ctx, metav1.ListOptions{Limit: 1})
	if err != nil {
		return noAnswer(err)
	}
	exists, err := c.exists(team, name)
	if err != nil {
		return err
	}
	_, err = c.kube.CoreV1().PersistentVolumeClaims(namespace(team)).Get(ctx, "home-"+name, metav1.GetOptions{})
	hadHome := !apierrors.IsNotFound(err)
	chosen.Set("", "expires")
	if err = again(func() error {
		return c.upgrade(ctx, team, name, exists, chartutil.CoalesceTables(copied(chosen), settings))
	}); err != nil {
		// A launch that is refused halfway leaves nothing, but for a home that was there before.
		if there, _ := c.exists(team, name); there && !exists {
			_ = c.uninstall(team, name)
			if !hadHome {
				_ = c.kube.CoreV1().PersistentVolumeClaims(namespace(team)).Delete(ctx, "home-"+name, metav1.DeleteOptions{})
			}
		}
		return refusal(err)
	}
	if !awake {
		return nil
	}
	sets := c.kube.AppsV1().StatefulSets(namespace(team))
	note, err := json.Marshal(map[string]any{"metadata": map[string]any{
		"annotations": map[string]any{annotationShrunk: nil, annotationAsked: before.ResourceVersion},
	}})
	if err != nil {
		return err
	}
	if _, err := sets.Patch(ctx, name, types.MergePatchType, note, metav1.PatchOptions{}); err != nil {
		return refusal(err)
	}
	_, err = sets.UpdateScale(ctx, name, &autoscalingv1.Scale{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace(team), Name: name}, Spec: autoscalingv1.ScaleSpec{Replicas: 1},
	}, metav1.UpdateOptions{})
	if err != nil {
		return refusal(err)
	}
	return nil
}

// again tries anew what fails because somebody else's launch has changed the team's quota in the same moment: the API server asks for it.
func again(try func() error) error {
	var err error
	for range 5 {
		if err = try(); err == nil || !strings.Contains(err.Error(), "the object has been modified") {
			return err
		}
	}
	return err
}

func (c *Client) upgrade(ctx context.Context, team, name string, exists bool, values map[string]any) error {
	helm, err := c.helm(team)
	if err != nil {
		return err
	}
	if !exists {
		install := action.NewInstall(helm)
		install.ReleaseName, install.Namespace = name, namespace(team)
		install.Replace = true // a first try may have left its record
		_, err = install.RunWithContext(ctx, c.chart, values)
		return err
	}
	upgrade := action.NewUpgrade(helm)
	upgrade.Namespace, upgrade.ResetThenReuseValues, upgrade.MaxHistory = namespace(team), true, 3
	_, err = upgrade.RunWithContext(ctx, name, c.chart, values)
	return err
}
