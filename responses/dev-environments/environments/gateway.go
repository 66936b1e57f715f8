package environments

import (
	"context"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
)

// GatewayKeys writes the public keys of all teams' people into the Secret that the gateway reads: the directory's, and their own.
func GatewayKeys(ctx context.Context, kube kubernetes.Interface) error {
	teams, err := kube.CoreV1().Namespaces().List(ctx, metav1.ListOptions{LabelSelector: "dev.example.com/team"})
	if err != nil {
		return err
	}
	var keys []string
	for _, team := range teams.Items {
		directory, err := kube.CoreV1().Secrets(team.Name).Get(ctx, "ssh-keys", metav1.GetOptions{})
		if err != nil && !apierrors.IsNotFound(err) {
			return err
		}
		for _, content := range directory.Data {
			keys = append(keys, strings.Split(string(content), "\n")...)
		}
		if !takesKeys(&team) {
			continue
		}
		own, err := kube.CoreV1().ConfigMaps(team.Name).List(ctx, metav1.ListOptions{LabelSelector: "dev.example.com/owner"})
		if err != nil {
			return err
		}
		for _, person := range own.Items {
			keys = append(keys, strings.Split(person.Data[keysFile], "\n")...)
		}
	}
	slices.Sort(keys)
	secret := quoted(map[string]any{"apiVersion": "v1", "kind": "Secret", "metadata": map[string]string{"name": "gateway-keys"},
		"stringData": map[string]string{keysFile: strings.TrimSpace(strings.Join(slices.Compact(keys), "\n")) + "\n"}})
	_, err = kube.CoreV1().Secrets(platformNamespace).Patch(ctx, "gateway-keys", types.ApplyPatchType, []byte(secret), metav1.PatchOptions{FieldManager: manager, Force: new(true)})
	return err
}
