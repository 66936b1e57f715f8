package environments

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"

	"dev-environments.test/image"
)

// Builds is the namespace of the jobs that build images; the suspended CronJob `build` there is their template.
const Builds = "builds"

// Builder sees to the catalogue: what an environment asks for and nobody has built a job builds, and in every new week it builds
// what environments have anew. Who waits gets the image at once, who runs at the next wake or change.
type Builder struct {
	Kube       kubernetes.Interface
	Repository string // of environments' images
	Now        func() time.Time
	told       map[types.UID]bool // failures
}

// Run looks every few seconds until the context ends.
func (b *Builder) Run(ctx context.Context) {
	for {
		if err := b.Once(ctx); err != nil && ctx.Err() == nil {
			slog.Error(oneLine(err.Error()))
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(5 * time.Second):
		}
	}
}

// Once looks at all environments.
func (b *Builder) Once(ctx context.Context) error {
	sets, err := b.Kube.AppsV1().StatefulSets(metav1.NamespaceAll).List(ctx, metav1.ListOptions{LabelSelector: "app.kubernetes.io/name=environment"})
	if err != nil {
		return err
	}
	catalogue, err := b.Kube.CoreV1().ConfigMaps(Platform).Get(ctx, Catalogue, metav1.GetOptions{})
	if err != nil {
		return err
	}
	known := maps.Clone(catalogue.Data)
	if known == nil {
		known = map[string]string{}
	}
	asked, old := map[string]image.Image{}, map[string]image.Image{}
	waiting := map[string][]*appsv1.StatefulSet{}
	has := map[string]bool{} // images by digest
	for i := range sets.Items {
		set := &sets.Items[i]
		name := imageOf(set)
		for _, container := range slices.Concat(set.Spec.Template.Spec.InitContainers, set.Spec.Template.Spec.Containers) {
			has[container.Image] = true
		}
		a := set.Annotations
		wanted, err := image.New(a["dev.example.com/image-base"], strings.Fields(a["dev.example.com/packages"]), a["dev.example.com/requirements"])
		switch {
		case err != nil: // nothing that can be chosen
		case name == b.Repository+":"+wanted.Tag:
			waiting[wanted.Tag] = append(waiting[wanted.Tag], set)
			if known[wanted.Tag] == "" {
				asked[wanted.Tag] = wanted
			}
		case known[wanted.Tag] != "" && !b.fresh(known, wanted.Tag):
			old[wanted.Tag] = wanted
		}
	}
	var failed error
	for tag, wanted := range asked {
		name, err := b.build(ctx, wanted, waiting[tag])
		if !errors.Is(err, errRuns) {
			failed = errors.Join(failed, err)
		}
		if name != "" {
			known[tag] = name
		}
	}
	for _, tag := range slices.Sorted(maps.Keys(old)) {
		name, err := b.build(ctx, old[tag], nil)
		if errors.Is(err, errRuns) { // nobody waits for these: one after the other
			break
		}
		failed = errors.Join(failed, err)
		if name != "" {
			known[tag] = name + " " + known[tag]
		}
	}
	for tag, names := range known {
		all := strings.Fields(names)
		for len(all) > 1 && !has[all[len(all)-1]] {
			all = all[:len(all)-1]
		}
		known[tag] = strings.Join(all, " ")
		if !b.fresh(known, tag) && !has[current(known, tag)] && len(all) == 1 {
			delete(known, tag) // nobody has it: who wants it next gets it new
		}
	}
	if !maps.Equal(known, catalogue.Data) {
		catalogue.Data = known
		if _, err := b.Kube.CoreV1().ConfigMaps(Platform).Update(ctx, catalogue, metav1.UpdateOptions{}); err != nil {
			return errors.Join(failed, err)
		}
	}
	for tag, sets := range waiting {
		if name := current(known, tag); name != "" {
			for _, set := range sets {
				failed = errors.Join(failed, b.give(ctx, set, name))
			}
		}
	}
	return failed
}

func imageOf(set *appsv1.StatefulSet) string {
	for _, container := range set.Spec.Template.Spec.Containers {
		if container.Name == "environment" {
			return container.Image
		}
	}
	return ""
}

// fresh says whether the newest image of a tag is of this week, or was not built here.
func (b *Builder) fresh(known map[string]string, tag string) bool {
	name := current(known, tag)
	return !strings.HasPrefix(name, b.Repository+":"+tag+"-") || strings.HasPrefix(name, image.Image{Tag: tag}.Weekly(b.Repository, b.Now())+"@")
}

func (b *Builder) give(ctx context.Context, set *appsv1.StatefulSet, name string) error {
	patch := fmt.Sprintf(`{"spec": {"template": {"spec": {"containers": [{"name": "environment", "image": %q}]}}}}`, name)
	_, err := b.Kube.AppsV1().StatefulSets(set.Namespace).Patch(ctx, set.Name, types.StrategicMergePatchType, []byte(patch), metav1.PatchOptions{})
	return err
}
