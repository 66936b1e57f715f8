package environments

import (
	"context"
	"net"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Notebook returns the environment, and where in the cluster its JupyterLab listens; empty: it is asleep, or starting. That is the pod's
// own address: the Service is its owner's to change, and could name a colleague's pod.
func (c *Client) Notebook(ctx context.Context, team, name string) (e Environment, address string, _ error) {
	set, err := c.get(ctx, team, name)
	if err != nil {
		return e, "", err
	}
	e = describe(set)
	pod, err := c.kube.CoreV1().Pods(set.Namespace).Get(ctx, name+"-0", metav1.GetOptions{})
	if apierrors.IsNotFound(err) || err == nil && pod.Status.PodIP == "" {
		return e, "", nil
	}
	if err != nil {
		return e, "", refusal(err, team)
	}
	return e, net.JoinHostPort(pod.Status.PodIP, "8888"), nil
}
