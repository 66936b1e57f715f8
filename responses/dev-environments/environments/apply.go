package environments

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"text/template"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/util/retry"
	"sigs.k8s.io/yaml"
)

//go:embed environment.yaml
var manifests string

var templates = template.Must(template.New("").Funcs(template.FuncMap{"q": quoted}).Parse(manifests))

func quoted(value any) string {
	text, _ := json.Marshal(value) // texts, and maps of them: it cannot fail
	return string(text)
}

// manager is who the API server takes as the owner of the fields that are applied.
const manager = "devenv"

// wanted is an environment as it shall be.
type wanted struct {
	*platform
	Choices                         Choices
	Name, Team, Owner, Pinned, Home string
	Group, Image, Sessions, Address string
	Keys                            string // the ConfigMap with the owner's own, where the team takes them
	Notebook                        string // its address, where the base has one
	StorageClass                    string // the home's: one that is there keeps its own, whatever the platform has by now
	Expires, Asked, ResourceVersion string
	home                            *corev1.PersistentVolumeClaim // nil: there is none yet
}

// object is one of an environment's, with its place in the API.
type object struct {
	path     string
	manifest []byte // JSON
}

// objects are the environment's, in the order in which they are applied, and its StatefulSet once more. A change is first asked of the
// home, which can refuse it while the pod runs on; a launch of the StatefulSet, so that nothing is there without one.
func (w wanted) objects() (all []object, set *appsv1.StatefulSet, _ error) {
	var manifests bytes.Buffer
	if err := templates.Execute(&manifests, w); err != nil {
		return nil, nil, err
	}
	parts := bytes.Split(manifests.Bytes(), []byte("\n---\n"))
	space := "/namespaces/" + namespace(w.Team)
	for i, path := range []string{"/api/v1" + space + "/services/" + w.Name, "/api/v1" + space + "/persistentvolumeclaims/home-" + w.Name, "/apis/apps/v1" + space + "/statefulsets/" + w.Name} {
		manifest, err := yaml.YAMLToJSON(parts[i])
		if err != nil {
			return nil, nil, err
		}
		all = append(all, object{path, manifest})
	}
	if err := json.Unmarshal(all[2].manifest, &set); err != nil {
		return nil, nil, err
	}
	if w.ResourceVersion == "" {
		slices.Reverse(all)
	}
	return all, set, nil
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
	home, err := c.home(ctx, team, name)
	if err != nil {
		return wanted{}, err
	}
	storage := p.StorageClass
	if home != nil && home.Spec.StorageClassName != nil {
		storage = *home.Spec.StorageClassName
	}
	notebook := ""
	if slices.Contains(p.Notebooks, chosen["base"]) {
		notebook = "https://" + p.NotebookHost + "/" + team + "/" + name + "/"
	}
	return wanted{
		platform: p, Keys: keys, Notebook: notebook, StorageClass: storage, home: home, Choices: chosen, Name: name, Team: team, Owner: owner, Pinned: "false", Home: chosen["home"],
		Group: p.groupOf(chosen), Image: p.newest(chosen["base"]), Sessions: p.newest(sessions), Address: name + "." + team + "." + p.Domain,
		Expires: lastDay(chosen), Asked: before.ResourceVersion,
	}, nil
}

func lastDay(chosen Choices) string {
	var days int
	_, _ = fmt.Sscan(chosen["lifetime"], &days) // one of the offer
	return time.Now().UTC().AddDate(0, 0, days).Format(time.DateOnly)
}

// apply has the API server look at all objects, and compares the quotas, before it changes one; before is what there was.
func (c *Client) apply(ctx context.Context, w wanted, before *appsv1.StatefulSet) error {
	all, set, err := w.objects()
	if err != nil {
		return err
	}
	if err := c.send(ctx, w.Team, all, metav1.DryRunAll); err != nil {
		return err
	}
	if err := c.fits(ctx, w.Team, set, before); err != nil {
		return err
	}
	return c.send(ctx, w.Team, all)
}

func (c *Client) send(ctx context.Context, team string, all []object, dryRun ...string) error {
	options := metav1.PatchOptions{FieldManager: manager, Force: new(true), DryRun: dryRun}
	for _, o := range all {
		// Two who launch in the same moment both write the team's quota: the API server asks one of them to try anew.
		err := retry.RetryOnConflict(retry.DefaultBackoff, func() error {
			return c.kube.CoreV1().RESTClient().Patch(types.ApplyPatchType).AbsPath(o.path).VersionedParams(&options, scheme.ParameterCodec).Body(o.manifest).Do(ctx).Error()
		})
		if err != nil {
			return refusal(err, team)
		}
	}
	return nil
}
