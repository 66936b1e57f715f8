package environments

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"

	appsv1 "k8s.io/api/apps/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Launch starts a new environment; owner is whose, if not the person's own. It returns when the cluster has accepted it: Progress
// says the rest. Nothing is there if it is refused.
func (c *Client) Launch(ctx context.Context, team, name, owner string, chosen Choices) error {
	if err := CheckName(team, name); err != nil {
		return err
	}
	if owner == "" {
		person, err := c.WhoAmI(ctx)
		if err != nil {
			return err
		}
		owner = person.Handle
	}
	switch set, err := c.kube.AppsV1().StatefulSets(namespace(team)).Get(ctx, name, metav1.GetOptions{}); {
	case err == nil:
		return &Error{"there is an environment " + name + " already, of " + Name(ownerOf(set.Labels)), fmt.Sprintf("another name, or: devenv change %s --team %s", name, team)}
	case !apierrors.IsNotFound(err):
		return refusal(err, team)
	}
	w, err := c.want(ctx, team, name, owner, chosen)
	if err != nil {
		return err
	}
	if home := w.home; home != nil {
		// Nobody gets another person's home by choosing the same name.
		if had := ownerOf(home.Labels); had != owner {
			return &Error{"the home of " + name + " belongs to " + Name(had), "another name"}
		}
		if size := sizeOf(home); size.Cmp(w.homeSize()) > 0 { // a home cannot shrink
			w.Home = size.String()
		}
	}
	return c.apply(ctx, w, nil)
}

// Change starts it anew with other choices; what nobody chooses anew stays, and so does the home. It changes nothing if it is refused.
func (c *Client) Change(ctx context.Context, team, name string, chosen Choices) error {
	set, err := c.get(ctx, team, name)
	if err != nil {
		return err
	}
	all := choicesOf(set)
	maps.Copy(all, chosen)
	w, err := c.want(ctx, team, name, ownerOf(set.Labels), all)
	if err != nil {
		return err
	}
	if w.home != nil {
		if size := sizeOf(w.home); size.Cmp(w.homeSize()) > 0 {
			return &Error{fmt.Sprintf("a home cannot shrink: this one has %s, not %s", size.String(), w.Home), "--home " + size.String() + " or more; nothing was changed"}
		}
	}
	w.Pinned, w.ResourceVersion = set.Labels[labelPinned], set.ResourceVersion
	return c.apply(ctx, w, set)
}

// Wake starts one that is asleep, with the newest image; its lifetime counts from today. One that is awake goes on as it is.
func (c *Client) Wake(ctx context.Context, team, name string) error {
	set, err := c.get(ctx, team, name)
	if err != nil {
		return err
	}
	if describe(set).Awake {
		return c.Extend(ctx, team, name, "")
	}
	return c.Change(ctx, team, name, nil)
}

// get returns the StatefulSet of one that is there.
func (c *Client) get(ctx context.Context, team, name string) (*appsv1.StatefulSet, error) {
	if err := CheckName(team, name); err != nil {
		return nil, err
	}
	set, err := c.kube.AppsV1().StatefulSets(namespace(team)).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, notFound{&Error{fmt.Sprintf("team %s has no environment %s", team, name), "devenv list --team " + team}}
	}
	if err != nil {
		return nil, refusal(err, team)
	}
	return set, nil
}

// Chosen are the choices that an environment has.
func (c *Client) Chosen(ctx context.Context, team, name string) (Choices, error) {
	set, err := c.get(ctx, team, name)
	if err != nil {
		return nil, err
	}
	return choicesOf(set), nil
}

func choicesOf(object metav1.Object) Choices {
	chosen := Choices{}
	_ = json.Unmarshal([]byte(object.GetAnnotations()[annotationChoices]), &chosen) // none: it was not made by devenv
	return chosen
}

func ownerOf(labels map[string]string) string { return labels["dev.example.com/owner"] }
