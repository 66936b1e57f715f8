package environments

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"text/template"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/yaml"
)

//go:embed environment.yaml
var manifests string

var templates = template.Must(template.New("").Funcs(template.FuncMap{"q": quoted}).Parse(manifests))

func quoted(value any) (string, error) {
	text, err := json.Marshal(value)
	return string(text), err
}

// manager is who the API server takes as the owner of the fields that are applied.
const manager = "devenv"

// wanted is an environment as it shall be.
type wanted struct {
	*platform
	Choices                                    Choices
	Name, Team, Owner, Pinned, Home            string
	Group, Image, Sessions, Address            string
	Keys                                       string // the ConfigMap with the owner's own, where the team takes them
	Expires, Asked, ResourceVersion, homeClass string
}

// StorageClass is the home's: one that is there keeps its own, whatever the platform has by now.
func (w wanted) StorageClass() string {
	if w.homeClass != "" {
		return w.homeClass
	}
	return w.platform.StorageClass
}

// objects are an environment's, as JSON, in the order in which they are applied. What can fail without harm comes first.
type objects struct {
	service, home []byte
	set           []byte
}

func (w wanted) objects() (o objects, err error) {
	var all bytes.Buffer
	if err := templates.Execute(&all, w); err != nil {
		return o, err
	}
	parts := bytes.Split(all.Bytes(), []byte("\n---\n"))
	for i, to := range []*[]byte{&o.service, &o.home, &o.set} {
		if *to, err = yaml.YAMLToJSON(parts[i]); err != nil {
			return o, err
		}
	}
	return o, nil
}

// want fills in what follows from the choices: group, images, the last day.
func (c *Client) want(ctx context.Context, team, name, owner string, chosen Choices) (wanted, error) {
	p, err := c.settings(ctx)
	if err != nil {
		return wanted{}, err
	}
	space, err := c.kube.CoreV1().Namespaces().Get(ctx, namespace(team), metav1.GetOptions{})
	if err != nil {
		return wanted{}, refusal(err, team)
	}
	chosen, err = complete(p.fields(space), chosen)
	if err != nil {
		return wanted{}, err
	}
	before, err := c.kube.CoreV1().Events(namespace(team)).List(ctx, metav1.ListOptions{Limit: 1})
	if err != nil {
		return wanted{}, refusal(err, team)
	}
	keys := ""
	if takesKeys(space) {
		keys = keysName(owner)
	}
	return wanted{
		platform: p, Keys: keys, Choices: chosen, Name: name, Team: team, Owner: owner, Pinned: "false", Home: chosen["home"],
		Group: p.groupOf(chosen), Image: p.newest(chosen["base"]), Sessions: p.newest(sessions), Address: name + "." + team + "." + p.Domain,
		Expires: lastDay(chosen), Asked: before.ResourceVersion,
	}, nil
}

func lastDay(chosen Choices) string {
	var days int
	_, _ = fmt.Sscan(chosen["lifetime"], &days) // one of the offer
	return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly)
}

// apply has the API server look at all objects before it changes one. after is called when it would take them, and before it does.
func (c *Client) apply(ctx context.Context, w wanted, after func(objects) error) error {
	o, err := w.objects()
	if err != nil {
		return err
	}
	if err := c.send(ctx, w, o, metav1.DryRunAll); err != nil {
		return err
	}
	if err := after(o); err != nil {
		return err
	}
	return c.send(ctx, w, o)
}

func (c *Client) send(ctx context.Context, w wanted, o objects, dryRun ...string) error {
	options := metav1.PatchOptions{FieldManager: manager, Force: new(true), DryRun: dryRun}
	space := namespace(w.Team)
	for _, patch := range []func() error{
		func() error {
			_, err := c.kube.CoreV1().Services(space).Patch(ctx, w.Name, types.ApplyPatchType, o.service, options)
			return err
		},
		func() error {
			_, err := c.kube.CoreV1().PersistentVolumeClaims(space).Patch(ctx, "home-"+w.Name, types.ApplyPatchType, o.home, options)
			return err
		},
		func() error {
			_, err := c.kube.AppsV1().StatefulSets(space).Patch(ctx, w.Name, types.ApplyPatchType, o.set, options)
			return err
		},
	} {
		// Two who launch in the same moment both write the team's quota: the API server asks one of them to try anew.
		if err := retry.RetryOnConflict(retry.DefaultBackoff, patch); err != nil {
			return refusal(err, w.Team)
		}
	}
	return nil
}
