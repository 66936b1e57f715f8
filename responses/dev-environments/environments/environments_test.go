package environments

import (
	"context"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/rest"
)

func TestEnvironments(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "environments")
}

var _ = DescribeTable("a person's handle", func(username, handle, name string) {
	Expect(Handle("oidc:", username)).To(Equal(handle))
	Expect(Name(handle)).To(Equal(name))
},
	Entry("of a certificate", "dev-a", "dev-a", "dev-a"),
	Entry("of the directory", "oidc:Jane.Doe@a.com", "jane.doe_at_a.com", "jane.doe@a.com"),
	Entry("of a second domain", "oidc:jane.doe@b.com", "jane.doe_at_b.com", "jane.doe@b.com"),
	Entry("with an apostrophe", "oidc:o'brien@a.com", "o_27_brien_at_a.com", "o'brien@a.com"),
	Entry("with underscores", "oidc:jane_at_b@a.com", "jane__at__b_at_a.com", "jane_at_b@a.com"),
	Entry("of a cloud's role", "arn:aws:sts::1:assumed-role/dev/jane", "arn_3a_aws_3a_sts_3a__3a_1_3a_assumed-role_2f_dev_2f_jane", "arn:aws:sts::1:assumed-role/dev/jane"),
)

var _ = It("refuses a name that no label can hold, with its reason", func() {
	for _, username := range []string{"oidc:", "oidc:jürgen@a.com", "oidc:" + strings.Repeat("a", 64)} {
		_, err := Handle("oidc:", username)
		Expect(err).To(MatchError(ContainSubstring("cannot own environments")), username)
	}
})

var _ = DescribeTable("the offer", func(chosen Choices, message string) {
	p := &platform{Images: map[string]string{"debian-13": "d@sha256:2 d@sha256:1", "r-4.5": "r@sha256:1", sessions: "s"},
		Offer:    map[string][]string{"cpu": {"1", "2"}, "memory": {"4Gi"}, "gpu": {"0"}, "lifetime": {"30"}, "home": {"10Gi"}},
		Defaults: pairs("base=debian-13 cpu=2 memory=4Gi gpu=0 lifetime=30 home=10Gi")}
	fields := p.fields(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{"dev.example.com/groups": "general,gpu", "dev.example.com/credentials": "database"}}})
	all, err := complete(fields, chosen)
	if message == "" {
		Expect(err).NotTo(HaveOccurred())
		Expect(all).To(HaveLen(10))
		return
	}
	Expect(err).To(MatchError("not offered: " + message + "; try: one of these; nothing was changed"))
},
	Entry("takes the defaults", Choices{}, ""),
	Entry("takes packages with versions, however they are separated", Choices{"packages": "jq, r-jsonlite>=2.0\npython=3.13.*"}, ""),
	Entry("takes a Secret of the team", Choices{"credentials": "database"}, ""),
	Entry("has no other size", Choices{"cpu": "3", "home": "2Ti"}, "cpu: '3' is not one of: 1 2; home: '2Ti' is not one of: 10Gi"),
	Entry("has no other image, and not the platform's own", Choices{"base": sessions}, "base: 'sessions' is not one of: debian-13 r-4.5"),
	Entry("has no group of another team", Choices{"group": "high-memory"}, "group: 'high-memory' is not one of: general gpu"),
	Entry("has no Secret that the team does not name", Choices{"credentials": "ghp_aBcD"}, "credentials: 'ghp_aBcD' is not one of: database"),
	Entry("has no package that a shell would take for anything else", Choices{"packages": "jq;id -y $(id)"},
		"packages: 'jq;id' is not a package's name; packages: '-y' is not a package's name; packages: '$(id)' is not a package's name"),
	Entry("takes nothing else", Choices{"image": "mine"}, ""),
)

var _ = DescribeTable("the group of a size", func(gpu, memory, chosen, group string) {
	Expect((&platform{HighMemory: "128Gi"}).groupOf(Choices{"gpu": gpu, "memory": memory, "group": chosen})).To(Equal(group))
},
	Entry(nil, "0", "64Gi", "", "general"), Entry(nil, "0", "128Gi", "", "high-memory"), Entry(nil, "2", "256Gi", "", "gpu"),
	Entry("as chosen", "0", "4Gi", "high-memory", "high-memory"),
)

var _ = It("is reached over the gateway, where there is one", func() {
	e := Environment{Address: "try.web.dev.example.com"}
	Expect(e.SSH()).To(Equal("ssh -p 2222 dev@try.web.dev.example.com"))
	e.Gateway = "gateway.example.com"
	Expect(e.SSH()).To(Equal("ssh -J dev@gateway.example.com:2222 -p 2222 dev@try.web.dev.example.com"))
})

var _ = DescribeTable("the program says that it is old", func(settings *platform, note OmegaMatcher) {
	c := &Client{platform: settings}
	Expect(c.Outdated(context.Background())).To(note)
},
	Entry("when the platform is newer", &platform{Version: "9.0.0"}, ContainSubstring("the platform is 9.0.0")),
	Entry("not when it is as new", &platform{Version: Version}, BeEmpty()),
	Entry("not when it is newer itself", &platform{Version: "0.9.0"}, BeEmpty()),
)

var _ = It("removes homes only, and only 14 days after somebody deleted the environment", func(ctx SpecContext) {
	now := time.Date(2026, 12, 15, 12, 0, 0, 0, time.UTC)
	home := func(name, deleted string) *corev1.PersistentVolumeClaim {
		return &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Namespace: "team-web", Name: name,
			Labels: map[string]string{"app.kubernetes.io/name": "environment"}, Annotations: map[string]string{annotationDeleted: deleted}}}
	}
	data := home("data", "2026-01-01T00:00:00Z")
	data.Labels = nil
	kube := fake.NewClientset(home("home-old", "2026-12-01T12:00:00Z"), home("home-new", "2026-12-01T12:00:01Z"), home("home-used", ""), home("home-odd", "soon"), data)
	Expect(Sweep(ctx, kube, now)).To(Equal([]string{"team-web/home-old"}))
	left, err := kube.CoreV1().PersistentVolumeClaims("team-web").List(ctx, metav1.ListOptions{})
	Expect(err).NotTo(HaveOccurred())
	Expect(left.Items).To(HaveLen(4))
})

var _ = It("says that the cluster gave no answer, when it gives none", func(ctx SpecContext) {
	client, err := New(&rest.Config{Host: "http://127.0.0.1:1"})
	Expect(err).NotTo(HaveOccurred())
	err = client.Launch(ctx, "web", "try", "", Choices{})
	Expect(err).To(MatchError(And(HavePrefix("the cluster gave no answer: "), HaveSuffix("; try: kubectl version"))))
	Expect(IsNotFound(err)).To(BeFalse())
})
