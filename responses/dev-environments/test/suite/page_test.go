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

	"dev-environments.test/test/issuer"
)

// The page with the rights that ../../deploy gives it, in front of the real cluster. ../../page tries it in a browser.
var _ = Describe("the page", Ordered, func() {
	var directory *issuer.Issuer
	var address, namespace string

	// as sends a request of a person in these groups.
	as := func(email string, groups []string, path string, form url.Values) (int, string) {
		GinkgoHelper()
		token, err := directory.Token(directory.Key, map[string]any{"email": email, "groups": groups})
		Expect(err).NotTo(HaveOccurred())
		method := "GET"
		if form != nil {
			method = "POST"
		}
		request, err := http.NewRequest(method, address+path, strings.NewReader(form.Encode()))
		Expect(err).NotTo(HaveOccurred())
		request.Header.Set("Authorization", "Bearer "+token)
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
		var err error
		directory, err = issuer.New()
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(directory.Close)

		manifest := part("page.yaml", "--set", "page.enabled=true",
			"--set", "identity.issuer="+directory.URL, "--set", "page.teams={page}")
		rights, _, found := strings.Cut(manifest, "apiVersion: apps/v1")
		Expect(found).To(BeTrue())
		apply(rights)
		DeferCleanup(func() {
			_, err := run(nil, rights, "kubectl", "delete", "--ignore-not-found", "-f", "-")
			Expect(err).NotTo(HaveOccurred())
		})
		config := must("kubectl", "config", "view", "--raw", "--minify", "-o", `jsonpath={.clusters[0].cluster.server} {.clusters[0].cluster.certificate-authority}`)
		server, authority, _ := strings.Cut(config, " ")
		GinkgoT().Setenv("KUBECONFIG", temporary("page", fmt.Sprintf(`
apiVersion: v1
kind: Config
clusters: [{name: machine, cluster: {server: %q, certificate-authority: %q}}]
users: [{name: page, user: {token: %q}}]
contexts: [{name: machine, context: {cluster: machine, user: page}}]
current-context: machine
`, server, authority, kubectl("create", "token", "page", "-n", "platform"))))
		port := freePort()
		address = fmt.Sprintf("http://127.0.0.1:%d", port)
		start("devenv", "serve", "--listen", fmt.Sprintf("127.0.0.1:%d", port), "--issuer", directory.URL, "--client-id", "dev-environments", "--teams", "page")
		answers(ctx, address+"/healthz")
		GinkgoT().Setenv("KUBECONFIG", "/etc/kubernetes/admin.kubeconfig")
	})

	It("launches as the person who asks, dots and all, and shows it come up", func() {
		status, body := jane("/launch", url.Values{"team": {"page"}, "name": {"study"}, "base": {"debian-13"}, "package": {"jq"}, "requirements": {"none"}, "cpu": {"1"}, "memory": {"2Gi"},
			"gpu": {"0"}, "lifetime": {"7"}, "home": {"10Gi"}})
		Expect(status).To(Equal(http.StatusSeeOther), body)
		Eventually(func() string { _, body := jane(shown, nil); return body }).WithTimeout(2 * time.Minute).WithPolling(time.Second).
			Should(And(ContainSubstring("ssh -p 2222 dev@study.page.dev.example.com"), ContainSubstring("host key fingerprint: SHA256:")))
		Expect(kubectl("get", "statefulset", "study", "-n", namespace, "-o", `jsonpath={.metadata.labels.dev\.example\.com/owner}`)).To(Equal("jane.doe_ext"))
		Expect(kubectl("exec", "study-0", "-n", namespace, "--", "jq", "-n", "1+1")).To(Equal("2"))
		_, body = jane("/", nil)
		Expect(body).To(And(ContainSubstring("study.page"), ContainSubstring(`class="state ready"`)))
	})

	It("shows a refusal in the words of who refuses", func() {
		status, body := jane("/launch", url.Values{"team": {"page"}, "name": {"train"}, "base": {"debian-13"}, "requirements": {"none"}, "cpu": {"1"}, "memory": {"2Gi"}, "gpu": {"1"}, "lifetime": {"7"}, "home": {"10Gi"}})
		Expect(status).To(Equal(http.StatusUnprocessableEntity))
		Expect(body).To(ContainSubstring("node group gpu is not for team page"))
	})

	It("does for nobody what they may not do themselves", func() {
		status, body := as("dev-x@example.com", []string{"team-other"}, shown+"/delete", url.Values{})
		Expect(status).To(BeNumerically(">=", 400))
		Expect(body).NotTo(ContainSubstring("jane"))
		status, _ = as("dev-x@example.com", []string{"system:masters"}, shown, nil)
		Expect(status).To(Equal(http.StatusNotFound))
		_, body = as("dev-x@example.com", nil, "/", nil)
		Expect(body).To(ContainSubstring("You are in no team."))
		for action, may := range map[string]string{"list statefulsets": "no", "impersonate groups/system:masters": "no", "impersonate groups/oidc:team-page": "yes", "get secrets": "no"} {
			out, _ := run(nil, "", "kubectl", append(append([]string{"auth", "can-i"}, strings.Fields(action)...), "--as=system:serviceaccount:platform:page", "-n", namespace)...)
			Expect(out).To(HaveSuffix(may), action)
		}
	})

	It("pins, extends and deletes", func() {
		for _, action := range []string{"pin", "extend"} {
			status, body := jane(shown+"/"+action, url.Values{})
			Expect(status).To(Equal(http.StatusSeeOther), body)
		}
		Expect(kubectl("get", "statefulset", "study", "-n", namespace, "-o", `jsonpath={.metadata.labels.dev\.example\.com/pinned}`)).To(Equal("true"))
		status, body := jane(shown+"/delete", url.Values{"with-home": {"yes"}})
		Expect(status).To(Equal(http.StatusSeeOther), body)
		Expect(kubectl("get", "statefulsets,persistentvolumeclaims", "-n", namespace, "-o", "name")).To(BeEmpty())
	})
})
