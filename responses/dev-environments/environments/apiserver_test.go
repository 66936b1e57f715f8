package environments

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// A real API server with the policies and rights of ../deploy: what it refuses and keeps is what people get. No controller runs, so
// there are no pods; ../test has those.
var _ = Describe("with a real API server", Ordered, ContinueOnFailure, func() {
	s := &apiServer{}
	BeforeAll(s.start)
	launchSpecs(s)
	ownerSpecs(s)
	policySpecs(s)
	notebookSpecs(s)
})

type apiServer struct {
	env                  *envtest.Environment
	key                  *rsa.PrivateKey // of the company's directory
	issuer               string
	kube                 kubernetes.Interface // of an administrator
	apply                client.Client
	her, colleague, lead *Client // of team web: jane@a.com, jane@b.com, and an admin of the team
}

// start skips where its programs are not: ../check.sh builds them.
func (s *apiServer) start(ctx SpecContext) {
	GinkgoHelper()
	bin, err := filepath.Abs("../../../.cache/dev-environments/bin")
	Expect(err).NotTo(HaveOccurred())
	for _, program := range []string{"etcd", "kube-apiserver", "helm"} {
		if _, err := os.Stat(filepath.Join(bin, program)); err != nil {
			Skip("no " + program + "; try: ../test/cluster/tools.sh " + bin + " helm etcd kube-apiserver")
		}
	}
	s.env = &envtest.Environment{BinaryAssetsDirectory: bin, ControlPlaneStartTimeout: 3 * time.Minute, ControlPlaneStopTimeout: 3 * time.Minute}
	s.trustDirectory()
	config, err := s.env.Start()
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(s.env.Stop)
	s.kube, err = kubernetes.NewForConfig(config)
	Expect(err).NotTo(HaveOccurred())
	s.apply, err = client.New(config, client.Options{})
	Expect(err).NotTo(HaveOccurred())

	_, err = s.kube.CoreV1().Namespaces().Create(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "platform"}}, metav1.CreateOptions{})
	Expect(err).NotTo(HaveOccurred())
	s.platform(ctx)
	s.team(ctx)
	s.her, s.colleague, s.lead = s.person("jane@a.com", "team-web"), s.person("jane@b.com", "team-web"), s.person("lead@a.com", "leads")
	// The API server takes up policies in its own time.
	SetDefaultEventuallyTimeout(2 * time.Minute)
	asked := func(change func(*wanted)) func() error { return func() error { return s.her.asks(ctx, change) } }
	Eventually(ctx, asked(func(w *wanted) { w.Owner = "jane_at_b.com" })).Should(MatchError(ContainSubstring("another person's")))
	Eventually(ctx, asked(func(w *wanted) { w.Group = "high-memory" })).Should(MatchError(ContainSubstring("node group high-memory is not for team web")))
	Eventually(ctx, asked(func(w *wanted) { w.Image = newImage })).Should(MatchError(ContainSubstring("not in the catalogue")))
	Eventually(ctx, asked(func(*wanted) {})).Should(Succeed())
	Expect(s.state(ctx)).To(BeEmpty())
}

// asks has the API server look at an environment of jane's, changed so, and make nothing.
func (c *Client) asks(ctx context.Context, change func(*wanted)) error {
	w, err := c.want(ctx, "web", "probe", "jane_at_a.com", nil)
	if err != nil {
		return err
	}
	change(&w)
	all, _, err := w.objects()
	if err != nil {
		return err
	}
	return c.send(ctx, "web", all, metav1.DryRunAll)
}

// trustDirectory starts a company's directory, and has the API server trust it as ../node-groups/people.tf has EKS' do.
func (s *apiServer) trustDirectory() {
	GinkgoHelper()
	var err error
	s.key, err = rsa.GenerateKey(rand.Reader, 2048)
	Expect(err).NotTo(HaveOccurred())
	directory := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: s.key.Public(), KeyID: "1", Algorithm: oidc.RS256}}}
	server := httptest.NewTLSServer(directory)
	DeferCleanup(server.Close)
	s.issuer = server.URL
	directory.SetIssuer(s.issuer)
	authority := filepath.Join(GinkgoT().TempDir(), "ca.crt")
	Expect(os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600)).To(Succeed())
	s.env.ControlPlane.GetAPIServer().Configure().Set("oidc-issuer-url", s.issuer).Set("oidc-client-id", "dev-environments").Set("oidc-ca-file", authority).
		Set("oidc-username-claim", "email").Set("oidc-username-prefix", "oidc:").Set("oidc-groups-claim", "groups").Set("oidc-groups-prefix", "oidc:")
}

// person is the client of somebody who has signed in, and is in these groups of the directory.
func (s *apiServer) person(email string, groups ...string) *Client {
	GinkgoHelper()
	claims := quoted(map[string]any{"iss": s.issuer, "aud": "dev-environments", "sub": "1", "exp": time.Now().Add(time.Hour).Unix(),
		"email": email, "email_verified": true, "groups": groups})
	return s.withToken(oidctest.SignIDToken(s.key, "1", oidc.RS256, claims))
}

func (s *apiServer) withToken(token string) *Client {
	GinkgoHelper()
	config := rest.AnonymousClientConfig(s.env.Config)
	config.BearerToken = token
	c, err := New(config)
	Expect(err).NotTo(HaveOccurred())
	return c
}

// state is all that is in the team's namespace: what is changed, is seen here.
func (s *apiServer) state(ctx context.Context) string {
	GinkgoHelper()
	var all strings.Builder
	for _, path := range []string{"/apis/apps/v1/namespaces/team-web/statefulsets", "/api/v1/namespaces/team-web/services", "/api/v1/namespaces/team-web/persistentvolumeclaims"} {
		content, err := s.kube.CoreV1().RESTClient().Get().AbsPath(path).DoRaw(ctx)
		Expect(err).NotTo(HaveOccurred())
		list := &unstructured.UnstructuredList{}
		Expect(list.UnmarshalJSON(content)).To(Succeed())
		for _, item := range list.Items {
			fmt.Fprintf(&all, "%s %s %s\n", path, item.GetName(), item.GetResourceVersion())
		}
	}
	return all.String()
}

// refused says that a call fails with these words, and that nothing at all has changed.
func (s *apiServer) refused(ctx context.Context, words string, do func() error) {
	GinkgoHelper()
	before := s.state(ctx)
	Expect(do()).To(MatchError(ContainSubstring(words)))
	Expect(s.state(ctx)).To(Equal(before))
}

func (s *apiServer) get(ctx context.Context, name string) *appsv1.StatefulSet {
	GinkgoHelper()
	set, err := s.kube.AppsV1().StatefulSets("team-web").Get(ctx, name, metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	return set
}

func (s *apiServer) home(ctx context.Context, name string) *corev1.PersistentVolumeClaim {
	GinkgoHelper()
	claim, err := s.kube.CoreV1().PersistentVolumeClaims("team-web").Get(ctx, "home-"+name, metav1.GetOptions{})
	Expect(err).NotTo(HaveOccurred())
	return claim
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
