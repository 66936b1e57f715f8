package environments

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"
)

// install renders a chart and makes what is in it.
func (s *apiServer) install(ctx context.Context, args ...string) {
	GinkgoHelper()
	helm := exec.Command(filepath.Join(s.env.BinaryAssetsDirectory, "helm"), append([]string{"template", "release", "--kube-version", "1.36.0"}, args...)...)
	helm.Stderr = GinkgoWriter
	manifests, err := helm.Output()
	Expect(err).NotTo(HaveOccurred())
	count := 0
	for _, manifest := range bytes.Split(manifests, []byte("\n---\n")) {
		object := &unstructured.Unstructured{}
		Expect(yaml.Unmarshal(manifest, &object.Object)).To(Succeed(), string(manifest))
		if len(object.Object) > 0 {
			Expect(s.apply.Patch(ctx, object, client.Apply, client.FieldOwner("helm"), client.ForceOwnership)).To(Succeed(), string(manifest)) //nolint:staticcheck // the typed Apply takes no unstructured object
			count++
		}
	}
	Expect(count).To(BeNumerically(">", 5))
}

const (
	oldImage = "registry.example.com/dev/environment:debian-13-1@sha256:1111111111111111111111111111111111111111111111111111111111111111"
	newImage = "registry.example.com/dev/environment:debian-13-2@sha256:2222222222222222222222222222222222222222222222222222222222222222"
)

func (s *apiServer) platform(ctx context.Context, more ...string) {
	GinkgoHelper()
	s.install(ctx, append([]string{"../deploy", "--namespace", "platform", "--values", "../deploy/kind.yaml", "--set", "catalogue.debian-13=" + oldImage,
		"--set", "catalogue.r-4\\.5=" + oldImage, "--set", "catalogue.sessions=" + oldImage, "--set", "records.enabled=false,gateway.enabled=true,gateway.image=x"}, more...)...)
}

func (s *apiServer) team(ctx context.Context) {
	GinkgoHelper()
	s.install(ctx, "../deploy/team", "--set", "team=web,groups={general,gpu},credentials={database},data={prices},admins=oidc:leads,members=oidc:team-web",
		"--set", "network.company[0].cidr=10.0.0.0/8,network.cluster={10.244.0.0/16}")
	quotas, err := s.kube.CoreV1().ResourceQuotas("team-web").List(ctx, metav1.ListOptions{})
	Expect(err).NotTo(HaveOccurred())
	Expect(quotas.Items).To(HaveLen(2))
	for _, quota := range quotas.Items {
		for name, hard := range quota.Spec.Hard {
			s.quota(ctx, quota.Name, name, hard.String(), "0")
		}
	}
}

// quota says what the controller would say of the team's. Without it the API server admits nothing.
func (s *apiServer) quota(ctx context.Context, name string, of corev1.ResourceName, hard, used string) {
	GinkgoHelper()
	patch := fmt.Sprintf(`{"status": {"hard": {%[1]q: %[2]q}, "used": {%[1]q: %[3]q}}}`, of, hard, used)
	quota, err := s.kube.CoreV1().ResourceQuotas("team-web").Patch(ctx, name, types.MergePatchType, []byte(patch), metav1.PatchOptions{}, "status")
	Expect(err).NotTo(HaveOccurred())
	Expect(quota.Spec.Hard).To(HaveKey(of))
}
