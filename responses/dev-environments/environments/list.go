package environments

import (
	"context"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	labelPinned       = "dev.example.com/pinned"
	annotationAddress = "dev.example.com/address"
	annotationAsked   = "dev.example.com/asked" // the revision of the last launch, change or wake: warnings of before are old
	annotationAsleep  = "dev.example.com/asleep"
	annotationChoices = "dev.example.com/choices"
	annotationDeleted = "dev.example.com/deleted" // of a home
	annotationExpires = "dev.example.com/expires"
	annotationHostKey = "dev.example.com/host-key"
)

// Environment is what people see of one.
type Environment struct {
	Name     string `json:"name"`
	Team     string `json:"team"`
	Owner    string `json:"owner"` // a handle
	Group    string `json:"group"`
	Base     string `json:"base"`
	Packages string `json:"packages"`
	CPU      string `json:"cpu"`
	Memory   string `json:"memory"`
	GPU      string `json:"gpu"`
	Home     string `json:"home"` // its size
	Address  string `json:"address"`
	Gateway  string `json:"gateway,omitempty"`  // the host to jump over
	Notebook string `json:"notebook,omitempty"` // its address, for the owner's browser
	Awake    bool   `json:"awake"`
	Ready    bool   `json:"ready"`
	Pinned   bool   `json:"pinned"`
	Expires  string `json:"expires"`
	Asleep   string `json:"asleep,omitempty"`     // since when and why
	Deleted  string `json:"kept_until,omitempty"` // only its home is left, until this day
}

// State is ready, starting, asleep or deleted.
func (e Environment) State() string {
	switch {
	case e.Deleted != "":
		return "deleted"
	case e.Ready:
		return "ready"
	case e.Awake:
		return "starting"
	}
	return "asleep"
}

// List returns the environments of a team by name, and after them those of which only the home is left.
func (c *Client) List(ctx context.Context, team string) ([]Environment, error) {
	if err := CheckTeam(team); err != nil {
		return nil, err
	}
	sets, err := c.kube.AppsV1().StatefulSets(namespace(team)).List(ctx, metav1.ListOptions{LabelSelector: selector})
	if err != nil {
		return nil, refusal(err, team)
	}
	homes, err := c.kube.CoreV1().PersistentVolumeClaims(namespace(team)).List(ctx, metav1.ListOptions{LabelSelector: selector})
	if err != nil {
		return nil, refusal(err, team)
	}
	var list []Environment
	for i := range sets.Items {
		list = append(list, describe(&sets.Items[i]))
	}
	for i := range homes.Items {
		home := &homes.Items[i]
		size, name := sizeOf(home), strings.TrimPrefix(home.Name, "home-")
		if at := slices.IndexFunc(list, func(e Environment) bool { return e.Name == name }); at >= 0 {
			list[at].Home = size.String()
		} else if deleted, err := time.Parse(time.RFC3339, home.Annotations[annotationDeleted]); err == nil {
			chosen := choicesOf(home)
			list = append(list, Environment{Name: name, Team: team, Owner: ownerOf(home.Labels), Home: size.String(), Base: chosen["base"],
				Packages: chosen["packages"], CPU: chosen["cpu"], Memory: chosen["memory"], GPU: chosen["gpu"], Group: home.Labels["dev.example.com/group"],
				Deleted: deleted.Add(Kept).Format(time.DateOnly)})
		}
	}
	return list, nil
}

func describe(set *appsv1.StatefulSet) Environment {
	chosen := choicesOf(set)
	e := Environment{
		Name: set.Name, Team: set.Labels["dev.example.com/team"], Owner: ownerOf(set.Labels), Group: set.Labels["dev.example.com/group"], GPU: "0",
		Base: set.Annotations["dev.example.com/image-base"], Packages: chosen["packages"], Home: chosen["home"],
		Address: set.Annotations[annotationAddress], Expires: set.Annotations[annotationExpires], Gateway: set.Annotations["dev.example.com/gateway"],
		Notebook: set.Annotations["dev.example.com/notebook"],
		Pinned:   set.Labels[labelPinned] == "true",
		Awake:    set.Spec.Replicas == nil || *set.Spec.Replicas > 0,
	}
	if !e.Awake {
		e.Asleep = set.Annotations[annotationAsleep]
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

// Why is why it is asleep, without the time.
func (e Environment) Why() string { _, why, _ := strings.Cut(e.Asleep, " "); return why }

// OwnerName is the owner as they write themselves.
func (e Environment) OwnerName() string { return Name(e.Owner) }
