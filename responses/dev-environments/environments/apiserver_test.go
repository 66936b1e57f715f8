package environments

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
	"sigs.k8s.io/yaml"

	"dev-environments.test/test/issuer"
)

// A real API server with the policies and rights of ../deploy: what it refuses and keeps is what people get. No controller runs, so
// there are no pods; ../test has those.
type apiServer struct {
	env       *envtest.Environment
	directory *issuer.Issuer       // whose tokens it trusts
	kube      kubernetes.Interface // of an administrator
	apply     client.Client
}

// startAPIServer skips where its programs are not: ../check.sh builds them.
func startAPIServer() *apiServer {
	GinkgoHelper()
	bin, err := filepath.Abs("../../../.cache/dev-environments/bin")
	Expect(err).NotTo(HaveOccurred())
	for _, program := range []string{"etcd", "kube-apiserver", "helm"} {
		if _, err := os.Stat(filepath.Join(bin, program)); err != nil {
			Skip("no " + program + "; try: ../test/cluster/tools.sh " + bin + " helm etcd kube-apiserver")
		}
	}
	directory, err := issuer.New()
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(directory.Close)
	trust := filepath.Join(GinkgoT().TempDir(), "authentication.yaml")
	Expect(os.WriteFile(trust, []byte(directory.AuthenticationConfig()), 0o600)).To(Succeed())
	s := &apiServer{env: &envtest.Environment{BinaryAssetsDirectory: bin}, directory: directory}
	s.env.ControlPlane.GetAPIServer().Configure().Set("authentication-config", trust)
	config, err := s.env.Start()
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(s.env.Stop)
	s.kube, err = kubernetes.NewForConfig(config)
	Expect(err).NotTo(HaveOccurred())
	s.apply, err = client.New(config, client.Options{})
	Expect(err).NotTo(HaveOccurred())
	return s
}

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
		"--set", "catalogue.r-4\\.5=" + oldImage, "--set", "catalogue.sessions=" + oldImage, "--set", "records.enabled=false"}, more...)...)
}

func (s *apiServer) team(ctx context.Context, name string, more ...string) {
	GinkgoHelper()
	s.install(ctx, append([]string{"../deploy/team", "--set", "team=" + name + ",groups={general,gpu},members=oidc:team-" + name + ",admins=oidc:leads",
		"--set", "network.company[0].cidr=10.0.0.0/8,network.cluster={10.244.0.0/16}"}, more...)...)
	quotas, err := s.kube.CoreV1().ResourceQuotas("team-"+name).List(ctx, metav1.ListOptions{})
	Expect(err).NotTo(HaveOccurred())
	Expect(quotas.Items).To(HaveLen(2))
	for i := range quotas.Items {
		s.unused(ctx, &quotas.Items[i])
	}
}

// unused is what the controller would say of a quota at first. Without it the API server admits nothing.
func (s *apiServer) unused(ctx context.Context, quota *corev1.ResourceQuota) {
	GinkgoHelper()
	quota.Status = corev1.ResourceQuotaStatus{Hard: quota.Spec.Hard, Used: corev1.ResourceList{}}
	for name := range quota.Spec.Hard {
		quota.Status.Used[name] = resource.MustParse("0")
	}
	_, err := s.kube.CoreV1().ResourceQuotas(quota.Namespace).UpdateStatus(ctx, quota, metav1.UpdateOptions{})
	Expect(err).NotTo(HaveOccurred())
}

// person is somebody's client, with a certificate for the name and groups.
func (s *apiServer) person(name string, groups ...string) *Client {
	GinkgoHelper()
	user, err := s.env.AddUser(envtest.User{Name: "oidc:" + name, Groups: groups}, nil)
	Expect(err).NotTo(HaveOccurred())
	c, err := New(user.Config())
	Expect(err).NotTo(HaveOccurred())
	return c
}

// state is all that is in a team's namespace: what is changed, is seen here.
func (s *apiServer) state(ctx context.Context, team string) string {
	GinkgoHelper()
	var all strings.Builder
	for _, kind := range []string{"apps/v1/statefulsets", "v1/services", "v1/persistentvolumeclaims"} {
		path := "/api/"
		if strings.HasPrefix(kind, "apps/") {
			path = "/apis/"
		}
		at := strings.LastIndex(kind, "/")
		content, err := s.kube.CoreV1().RESTClient().Get().AbsPath(path + kind[:at] + "/namespaces/team-" + team + kind[at:]).DoRaw(ctx)
		Expect(err).NotTo(HaveOccurred())
		list := &unstructured.UnstructuredList{}
		Expect(list.UnmarshalJSON(content)).To(Succeed())
		for _, item := range list.Items {
			fmt.Fprintf(&all, "%s %s %s\n", kind, item.GetName(), item.GetResourceVersion())
		}
	}
	return all.String()
}

// account is one of the platform's programs.
func (s *apiServer) account(name string) kubernetes.Interface {
	GinkgoHelper()
	config := rest.CopyConfig(s.env.Config)
	config.Impersonate = rest.ImpersonationConfig{UserName: "system:serviceaccount:platform:" + name, Groups: []string{"system:serviceaccounts", "system:authenticated"}}
	kube, err := kubernetes.NewForConfig(config)
	Expect(err).NotTo(HaveOccurred())
	return kube
}
