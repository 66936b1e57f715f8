package suite

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// The page, which has no rights, in front of the real cluster. ../../page tries it in a browser.
var _ = Describe("the page", Ordered, func() {
	var token func(email string, groups ...string) string
	var address, namespace string

	// as sends a request of a person in these groups.
	as := func(email string, groups []string, path string, form url.Values) (int, string) {
		GinkgoHelper()
		method := "GET"
		if form != nil {
			method = "POST"
		}
		request, err := http.NewRequest(method, address+path, strings.NewReader(form.Encode()))
		Expect(err).NotTo(HaveOccurred())
		request.Header.Set("Authorization", "Bearer "+token(email, groups...))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		response, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(request)
		Expect(err).NotTo(HaveOccurred())
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		Expect(err).NotTo(HaveOccurred())
		return response.StatusCode, string(body)
	}
	jane := func(path string, form url.Values) (int, string) {
		GinkgoHelper()
		return as("jane.doe_ext@example.com", []string{"team-page"}, path, form)
	}
	const shown = "/environments/page/study"

	BeforeAll(func(ctx SpecContext) {
		homes(1)
		namespace = team("page", "general")
		set(namespace, "members=oidc:team-page")
		token = trustDirectory()

		// The page knows where the cluster is, and nothing else.
		GinkgoT().Setenv("KUBECONFIG", temporary("page", `
apiVersion: v1
kind: Config
clusters: [{name: machine, cluster: {server: "https://10.99.0.1:6443", certificate-authority: /etc/kubernetes/pki/ca.crt}}]
contexts: [{name: machine, context: {cluster: machine, user: nobody}}]
users: [{name: nobody, user: {}}]
current-context: machine
`))
		port := freePort()
		address = fmt.Sprintf("http://127.0.0.1:%d", port)
		start("devenv", "serve", "--listen", fmt.Sprintf("127.0.0.1:%d", port))
		answers(ctx, address+"/healthz")
		GinkgoT().Setenv("KUBECONFIG", "/etc/kubernetes/admin.conf")
		Eventually(func() int { status, _ := jane("/", nil); return status }).WithContext(ctx).WithTimeout(2 * time.Minute).WithPolling(time.Second).Should(Equal(http.StatusOK))
	})

	It("launches as the person who asks, and shows it come up", func() {
		status, body := jane("/launch", url.Values{"team": {"page"}, "name": {"study"}, "base": {"debian-13"}, "cpu": {"1"}, "memory": {"2Gi"}, "gpu": {"0"}, "lifetime": {"7"}, "home": {"10Gi"}})
		Expect(status).To(Equal(http.StatusSeeOther), body)
		Eventually(func() string { _, body := jane(shown, nil); return body }).WithTimeout(2 * time.Minute).WithPolling(time.Second).
			Should(And(ContainSubstring("ssh -p 2222 dev@study.page.dev.example.com"), ContainSubstring("host key fingerprint: SHA256:")))
		Expect(kubectl("get", "statefulset", "study", "-n", namespace, "-o", `jsonpath={.metadata.labels.dev\.example\.com/owner}`)).To(Equal("jane.doe__ext_at_example.com"))
		_, body = jane("/", nil)
		Expect(body).To(And(ContainSubstring("study.page"), ContainSubstring(`class="state ready"`)))
		By("keeping the host key's fingerprint where no log takes it away")
		Expect(kubectl("get", "statefulset", "study", "-n", namespace, "-o", `jsonpath={.metadata.annotations.dev\.example\.com/host-key}`)).To(HavePrefix("SHA256:"))
	})

	It("does for nobody what they may not do themselves", func() {
		for who, groups := range map[string][]string{"jane.doe_ext@example.org": {"team-page"}, "dev-x@example.com": {"team-other"}} {
			status, body := as(who, groups, shown+"/delete", url.Values{})
			Expect(status).To(Equal(http.StatusUnprocessableEntity))
			Expect(body).To(Or(ContainSubstring("study belongs to jane.doe"), ContainSubstring("you may not run environments in team page")))
		}
		status, _ := as("dev-x@example.com", []string{"system:masters"}, shown, nil)
		Expect(status).To(Equal(http.StatusForbidden))
		_, body := as("dev-x@example.com", nil, "/", nil)
		Expect(body).To(ContainSubstring("You are not in a team."))
	})
})
