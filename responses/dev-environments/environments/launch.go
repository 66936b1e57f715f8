package environments

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
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
	"k8s.io/apimachinery/pkg/util/wait"

	"dev-environments.test/image"
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
	selected, _ := all["image"].(map[string]any)
	base, _ := selected["base"].(string)
	var packages []string
	if list, ok := selected["packages"].([]any); ok {
		for _, item := range list {
			packages = append(packages, fmt.Sprint(item))
		}
	}
	// What is no base or package the schema refuses, with the choices.
	tag := "none"
	if i, err := image.New(base, packages); err == nil {
		tag = i.Tag
		if c.Build != nil {
			settings, err := c.settings(ctx)
			if err != nil {
				return err
			}
			platform, _ := chartutil.CoalesceTables(settings, copied(c.chart.Values))["image"].(map[string]any)
			if err := c.Build(ctx, i, fmt.Sprintf("%s:%s", platform["repository"], tag)); err != nil {
				return err
			}
		}
	}
	chosen.Set(tag, "image", "tag")
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

var (
	notOffered  = regexp.MustCompile(`(?m)^ *- at '/?([^']*)': (.*)$`)
	boilerplate = regexp.MustCompile(`(?m)^\s*\d+ errors? occurred:\s*$|^execution error at \([^)]*\): |.* denied request: |^\s*\* |; Use --debug.*$`)
)

// refusal makes of Helm's answer what a person needs: one reason a line, and what to try.
func refusal(err error) error {
	text := err.Error()
	if strings.Contains(text, "specifications of the schema") {
		var reasons []string
		for _, match := range notOffered.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(match[2], "'allOf' failed") {
				reasons = append(reasons, strings.TrimPrefix(strings.ReplaceAll(match[1], "/", ".")+": "+match[2], ": "))
			}
		}
		return &Error{"not offered: " + strings.Join(reasons, "; "), "devenv launch --help; nothing was changed"}
	}
	if i := strings.Index(text, "execution error at ("); i >= 0 { // a template's own words
		text = text[i:]
	}
	text = oneLine(boilerplate.ReplaceAllString(text, ""))
	if message, try, found := strings.Cut(text, "; try: "); found {
		return &Error{message, try}
	}
	return &Error{text, hint(text)}
}

// hint is the one thing to try.
func hint(message string) string {
	for _, known := range []struct{ pattern, try string }{
		{`exceeded quota`, "a smaller size, or delete what nobody needs: devenv list"},
		{`ErrImagePull|ImagePullBackOff`, "again with --build: nobody has built this base with these packages yet"},
		{`(?i)secret.*not found`, "a Secret that the team has; the platform's team adds them"},
		{`untolerated taint|node affinity|Insufficient`, "a smaller size, or leave it: it starts when a node has room"},
		{`CrashLoopBackOff`, "kubectl logs of the pod"},
		{`denied|forbidden`, "other choices; what is asked for stays as it is until you launch it anew or delete it"},
	} {
		if regexp.MustCompile(known.pattern).MatchString(message) {
			return known.try
		}
	}
	return "kubectl describe of its StatefulSet and pod"
}
