package environments

import (
	"context"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"dev-environments.test/image"
)

// Catalogue is the ConfigMap of the platform that says what may run: for each tag its image by digest, and after it the older ones
// that environments still have. Admission goes by it (../deploy/templates/images.yaml), devenv and the builder read it.
const Catalogue = "catalogue"

func (c *Client) catalogue(ctx context.Context) (map[string]string, error) {
	configMap, err := c.kube.CoreV1().ConfigMaps(Platform).Get(ctx, Catalogue, metav1.GetOptions{})
	if apierrors.IsNotFound(err) || apierrors.IsForbidden(err) {
		return nil, nil
	}
	if err != nil {
		return nil, noAnswer(err)
	}
	return configMap.Data, nil
}

// current is the newest image of a tag, or none.
func current(catalogue map[string]string, tag string) string {
	name, _, _ := strings.Cut(catalogue[tag], " ")
	return name
}

// wanted is the image that the chart's values ask for.
func wanted(values map[string]any) (image.Image, error) {
	chosen, _ := values["image"].(map[string]any)
	base, _ := chosen["base"].(string)
	requirements, _ := chosen["requirements"].(string)
	var packages []string
	if list, ok := chosen["packages"].([]any); ok {
		for _, item := range list {
			packages = append(packages, fmt.Sprint(item))
		}
	}
	return image.New(base, packages, requirements)
}

// images chooses what the containers run: the newest of the catalogue. What is not in it yet is asked for by its tag.
func (c *Client) images(ctx context.Context, values map[string]any, chosen Choices) error {
	catalogue, err := c.catalogue(ctx)
	if err != nil {
		return err
	}
	platform, err := c.platform(ctx)
	if err != nil {
		return err
	}
	name := "none" // what is no base or package the schema refuses, with the choices
	if i, err := wanted(values); err == nil {
		if name = current(catalogue, i.Tag); name == "" {
			name = platform["repository"] + ":" + i.Tag
		}
	}
	chosen.Set(name, "image", "name")
	chosen.Set(current(catalogue, "sessions"), "sessions", "image")
	return nil
}
