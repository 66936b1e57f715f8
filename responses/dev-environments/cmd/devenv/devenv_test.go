package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"k8s.io/client-go/rest"

	"dev-environments.test/environments"
)

func TestDevenv(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "devenv")
}

// typed runs a command line where there is no cluster.
func typed(args ...string) (string, error) {
	GinkgoHelper()
	GinkgoT().Setenv("KUBECONFIG", filepath.Join(GinkgoT().TempDir(), "none"))
	c := command()
	var out bytes.Buffer
	c.SetOut(&out)
	c.SetErr(&out)
	c.SetArgs(args)
	err := c.ExecuteContext(GinkgoT().Context())
	return out.String(), err
}

var _ = DescribeTable("what cannot be right is refused before the cluster is asked", func(message string, args ...string) {
	_, err := typed(args...)
	Expect(err).To(MatchError(message))
	var wrong usageError
	Expect(errors.As(err, &wrong)).To(BeTrue(), "exit status 2")
},
	Entry(nil, "one name is needed, not 0; try: devenv launch --help", "launch"),
	Entry(nil, "one name is needed, not 2; try: devenv launch --help", "launch", "try", "again", "--team", "web"),
	Entry(nil, "'Try' cannot be an environment's name: it is part of a DNS name; try: up to 40 small letters, digits and hyphens", "launch", "Try", "--team", "web"),
	Entry(nil, "'Web' is not a team name; try: --team TEAM", "delete", "try", "--team", "Web"),
	Entry(nil, "unknown flag: --password; try: devenv launch --help", "launch", "try", "--password=abc"),
	Entry(nil, "flag needs an argument: --credentials; try: devenv launch --help", "launch", "try", "--credentials"),
)

var _ = It("has the page ask the cluster with the person's token, and with nothing of its own", func(ctx SpecContext) {
	asked := make(chan http.Header, 1)
	cluster := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Header
		w.WriteHeader(http.StatusUnauthorized)
	}))
	DeferCleanup(cluster.Close)
	person, err := withToken(&rest.Config{Host: cluster.URL, BearerToken: "the-pages-own", Impersonate: rest.ImpersonationConfig{UserName: "admin"}})("janes")
	Expect(err).NotTo(HaveOccurred())
	_, err = person.List(ctx, "web")
	Expect(err).To(MatchError(environments.ErrUnauthorized))
	Expect(<-asked).To(And(HaveKeyWithValue("Authorization", []string{"Bearer janes"}), Not(HaveKey("Impersonate-User"))))
})

var _ = It("says that there is no cluster", func() {
	Expect(os.Unsetenv("KUBERNETES_SERVICE_HOST")).To(Succeed())
	_, err := typed("list")
	Expect(err).To(MatchError(HavePrefix("no cluster: ")))
})
