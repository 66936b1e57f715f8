package environments

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const keysFile = "authorized_keys"

// keysName is the ConfigMap with a person's own public keys. ../deploy/templates/owner.yaml writes it the same way, and lets nobody else
// write that one.
func keysName(handle string) string {
	return "keys-" + strings.NewReplacer("-", "-0", "_", "-1").Replace(handle)
}

// takesKeys says whether a team's environments open to people's own keys, beside those of the directory.
func takesKeys(team *corev1.Namespace) bool {
	return team.Annotations["dev.example.com/own-keys"] == "true"
}

// keysOwner returns who the person is, where the team takes keys from people themselves.
func (c *Client) keysOwner(ctx context.Context, team string) (handle string, err error) {
	person, err := c.WhoAmI(ctx)
	if err != nil {
		return "", err
	}
	space, err := c.kube.CoreV1().Namespaces().Get(ctx, namespace(team), metav1.GetOptions{})
	if err != nil {
		return "", refusal(err, team)
	}
	if !takesKeys(space) {
		return "", &Error{"team " + team + " takes keys from the company's directory only", "to add yours there"}
	}
	return person.Handle, nil
}

// Keys returns the public keys that the person has given a team's environments, one a line.
func (c *Client) Keys(ctx context.Context, team string) (string, error) {
	handle, err := c.keysOwner(ctx, team)
	if err != nil {
		return "", err
	}
	keys, err := c.kube.CoreV1().ConfigMaps(namespace(team)).Get(ctx, keysName(handle), metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", refusal(err, team)
	}
	return keys.Data[keysFile], nil
}

// SetKeys replaces them. They open the person's environments within a minute or two, and what is not among them no longer does.
func (c *Client) SetKeys(ctx context.Context, team, keys string) error {
	handle, err := c.keysOwner(ctx, team)
	if err != nil {
		return err
	}
	var lines []string
	for line := range strings.Lines(keys) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if strings.Contains(line, "PRIVATE KEY") {
			return &Error{"this is a private key, which stays with you", "the file beside it that ends in .pub"}
		}
		if _, _, _, _, err := ssh.ParseAuthorizedKey([]byte(line)); err != nil {
			return &Error{fmt.Sprintf("not a public key: '%.40s'", line), "a line as in ~/.ssh/id_ed25519.pub"}
		}
		lines = append(lines, line+"\n")
	}
	name := keysName(handle)
	manifest := quoted(map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "data": map[string]string{keysFile: strings.Join(lines, "")},
		"metadata": map[string]any{"name": name, "labels": map[string]string{"dev.example.com/owner": handle}}})
	_, err = c.kube.CoreV1().ConfigMaps(namespace(team)).Patch(ctx, name, types.ApplyPatchType, []byte(manifest), metav1.PatchOptions{FieldManager: manager, Force: new(true)})
	return refusal(err, team)
}
