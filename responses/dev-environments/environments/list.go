package environments

import (
	"context"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	annotationAddress = "dev.example.com/address"
	annotationAsked   = "dev.example.com/asked" // the revision of the last launch or wake: warnings of before are old
	annotationExpires = "dev.example.com/expires"
	annotationShrunk  = "dev.example.com/shrunk"
)

// Environment is what people see of one.
type Environment struct {
	Name     string `json:"name"`
	Team     string `json:"team"`
	Owner    string `json:"owner"`
	Group    string `json:"group"`
	Base     string `json:"base"`
	Packages string `json:"packages"`
	CPU      string `json:"cpu"`
	Memory   string `json:"memory"`
	GPU      string `json:"gpu"`
	Address  string `json:"address"`
	Gateway  string `json:"gateway,omitempty"` // the host to jump over
	Awake    bool   `json:"awake"`
	Ready    bool   `json:"ready"`
	Pinned   bool   `json:"pinned"`
	Expires  string `json:"expires"`
	Shrunk   string `json:"shrunk,omitempty"` // when and why
}

// State is ready, starting or asleep.
func (e Environment) State() string {
	switch {
	case e.Ready:
		return "ready"
	case e.Awake:
		return "starting"
	}
	return "asleep"
}

// List returns the environments of a team, by name.
func (c *Client) List(ctx context.Context, team string) ([]Environment, error) {
	if err := CheckTeam(team); err != nil {
		return nil, err
	}
	sets, err := c.kube.AppsV1().StatefulSets(namespace(team)).List(ctx, metav1.ListOptions{LabelSelector: "app.kubernetes.io/name=environment"})
	if err != nil {
		return nil, err
	}
	var list []Environment
	for i := range sets.Items {
		list = append(list, describe(&sets.Items[i]))
	}
	return list, nil
}

func describe(set *appsv1.StatefulSet) Environment {
	label := func(key string) string { return set.Labels["dev.example.com/"+key] }
	e := Environment{
		Name: set.Name, Team: label("team"), Owner: label("owner"), Group: label("group"), GPU: "0",
		Base: set.Annotations["dev.example.com/image-base"], Packages: set.Annotations["dev.example.com/packages"],
		Address: set.Annotations[annotationAddress], Expires: set.Annotations[annotationExpires], Shrunk: set.Annotations[annotationShrunk],
		Gateway: set.Annotations["dev.example.com/gateway"],
		Pinned:  label("pinned") == "true",
		Awake:   set.Spec.Replicas == nil || *set.Spec.Replicas > 0,
	}
	// The newest template's pod, and ready.
	status := set.Status
	e.Ready = e.Awake && set.Generation == status.ObservedGeneration && status.ReadyReplicas == 1 && status.CurrentRevision == status.UpdateRevision
	for _, container := range set.Spec.Template.Spec.Containers {
		requests := container.Resources.Requests
		e.CPU, e.Memory = requests.Cpu().String(), requests.Memory().String()
		if gpu, ok := container.Resources.Limits[corev1.ResourceName("nvidia.com/gpu")]; ok {
			e.GPU = gpu.String()
		}
	}
	return e
}

// SSH is the line to copy.
func (e Environment) SSH() string {
	jump := ""
	if e.Gateway != "" {
		jump = "-J dev@" + e.Gateway + ":2222 "
	}
	return "ssh " + jump + "-p 2222 dev@" + e.Address
}

// Why is why it was shrunk, without the time.
func (e Environment) Why() string { _, why, _ := strings.Cut(e.Shrunk, " "); return why }
