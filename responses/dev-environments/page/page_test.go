package page

import (
	"cmp"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"dev-environments.test/environments"
)

func TestPage(t *testing.T) {
	slog.SetDefault(slog.New(slog.NewTextHandler(GinkgoWriter, nil)))
	RegisterFailHandler(Fail)
	RunSpecs(t, "page")
}

// proxy does what oauth2-proxy does: it puts a person's token to each request.
func proxy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Anonymous") == "" {
			r.Header.Set("Authorization", "Bearer "+cmp.Or(r.Header.Get("As"), "janes-token"))
		}
		next.ServeHTTP(w, r)
	})
}

var _ = Describe("the page", func() {
	var m *memory
	var address string

	BeforeEach(func() {
		m = newMemory("web")
		m.add(environments.Environment{Name: "study", Team: "web", Owner: "jane.doe_at_example.com", CPU: "4", Memory: "4Gi", GPU: "0", Awake: true, Ready: true, Address: "study.web.dev.example.com"})
		handler, err := m.server().Handler()
		Expect(err).NotTo(HaveOccurred())
		server := httptest.NewServer(proxy(handler))
		DeferCleanup(server.Close)
		address = server.URL
	})
	ask := func(method, path string, form url.Values, headers ...string) (int, string) {
		GinkgoHelper()
		request, err := http.NewRequest(method, address+path, strings.NewReader(form.Encode()))
		Expect(err).NotTo(HaveOccurred())
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		response, err := http.DefaultTransport.RoundTrip(request) // a redirection is not followed
		Expect(err).NotTo(HaveOccurred())
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		Expect(err).NotTo(HaveOccurred())
		return response.StatusCode, string(body)
	}
	get := func(path string, headers ...string) (int, string) { return ask("GET", path, nil, headers...) }
	post := func(path string, form url.Values, headers ...string) (int, string) {
		return ask("POST", path, form, headers...)
	}

	It("does nothing for a form of another site", func() {
		for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
			status, _ := post("/environments/web/study/delete", nil, headers...)
			Expect(status).To(Equal(http.StatusForbidden), headers[1])
		}
		Expect(m.called).To(BeEmpty())
		status, _ := post("/environments/web/study/pin", nil, "Sec-Fetch-Site", "same-origin")
		Expect(status).To(Equal(http.StatusSeeOther))
		Expect(m.called).To(Equal([]string{"pin study"}))
	})

	It("changes nothing by an address alone", func() {
		status, _ := get("/environments/web/study/pin")
		Expect(status).To(Equal(http.StatusMethodNotAllowed))
		get("/environments/web/study/delete")
		Expect(m.called).To(BeEmpty())
	})

	It("passes the person's own token on, and asks who has none to sign in", func() {
		status, body := get("/")
		Expect(status).To(Equal(http.StatusOK))
		Expect(m.token).To(Equal("janes-token"))
		Expect(body).To(And(ContainSubstring("jane.doe@example.com"), ContainSubstring(`href="/oauth2/sign_out?rd=/"`)))
		for _, path := range []string{"/", "/launch", "/environments/web/study"} {
			status, body := get(path, "Anonymous", "yes")
			Expect(status).To(Equal(http.StatusUnauthorized))
			Expect(body).To(And(ContainSubstring("Sign in to see your environments"), ContainSubstring(`href="/oauth2/start?rd=`+strings.ToLower(url.QueryEscape(path))+`"`)))
		}
		status, _ = get("/healthz")
		Expect(status).To(Equal(http.StatusOK))
	})

	It("says what a session that has ended did not do", func() {
		m.refuse = environments.ErrUnauthorized
		status, body := post("/environments/web/study/pin", nil)
		Expect(status).To(Equal(http.StatusUnauthorized))
		Expect(body).To(And(ContainSubstring("Your session has ended, and nothing was changed."), ContainSubstring("Sign in</a>")))
	})

	It("does not take a cluster that fails for an environment that is gone", func() {
		m.fail = errors.New("connection refused")
		for _, path := range []string{"/", "/environments/web/study", "/environments/web/study/delete"} {
			status, body := get(path)
			Expect(status).To(Equal(http.StatusBadGateway), path)
			Expect(body).To(And(ContainSubstring("The cluster does not answer"), ContainSubstring("connection refused")))
		}
	})

	It("says whose it is, how large its home is and who is in it, before it is deleted", func() {
		m.all["study"].Home, m.all["study"].Owner = "50Gi", "li.wei_at_example.com"
		status, body := get("/environments/web/study/delete")
		Expect(status).To(Equal(http.StatusOK))
		Expect(body).To(And(ContainSubstring("<strong>li.wei@example.com</strong>: only they and the team's admins may delete it"), ContainSubstring("50Gi"), ContainSubstring("open sessions: 1"), ContainSubstring("stays for 14 days")))
	})

	It("shows a refusal in its own words, as text, and keeps what was filled in", func() {
		m.refuse = &environments.Error{Message: `exceeded quota: <script>alert("1")</script>`, Try: "a smaller size"}
		status, body := post("/launch", url.Values{"team": {"web"}, "name": {"try"}, "memory": {"64Gi"}, "packages": {"jq g++"}})
		Expect(status).To(Equal(http.StatusUnprocessableEntity))
		Expect(body).To(And(ContainSubstring("exceeded quota: &lt;script&gt;"), ContainSubstring("Try: a smaller size"),
			ContainSubstring(`<option value="64Gi" selected>`), ContainSubstring(`value="jq g&#43;&#43;"`), Not(ContainSubstring("<script>alert"))))
	})

	It("asks the cluster about nothing that is no name", func() {
		for _, path := range []string{"/environments/web/Try", "/environments/web/..%2Fx", "/environments/Web/try"} {
			status, body := get(path)
			Expect(status).To(Equal(http.StatusNotFound), path)
			Expect(body).To(Or(ContainSubstring("cannot be"), ContainSubstring("is not a team")))
		}
	})

	It("sends what was chosen, and nothing else", func() {
		post("/launch", url.Values{"team": {"web"}, "name": {"try"}, "base": {"debian-13"}, "cpu": {"4"}, "packages": {" jq "}, "group": {""}, "nonsense": {"x"}})
		Expect(m.chosen["try"]).To(And(HaveLen(10), HaveKeyWithValue("base", "debian-13"), HaveKeyWithValue("packages", "jq"), HaveKeyWithValue("group", "")))
	})

	It("shows in the form what an environment has, though it is no longer offered", func() {
		m.chosen["study"] = environments.Choices{"base": "debian-12", "cpu": "4"}
		_, body := get("/launch?team=web&name=study")
		Expect(body).To(And(ContainSubstring(`<option value="debian-12" selected>`), ContainSubstring(`<option value="4" selected>`), ContainSubstring(`name="change"`)))
		post("/launch", url.Values{"change": {"yes"}, "team": {"web"}, "name": {"study"}, "cpu": {"2"}})
		Expect(m.called).To(Equal([]string{"change study"}))
	})

	It("takes a person's keys, and keeps what was written when they are refused", func() {
		status, _ := post("/keys/web", url.Values{"keys": {"ssh-ed25519 AAAA"}})
		Expect(status).To(Equal(http.StatusSeeOther))
		_, body := get("/keys/web")
		Expect(body).To(ContainSubstring(">ssh-ed25519 AAAA</textarea>"))
		m.refuse = &environments.Error{Message: "not a public key: 'x'"}
		status, body = post("/keys/web", url.Values{"keys": {"x"}})
		Expect(status).To(Equal(http.StatusUnprocessableEntity))
		Expect(body).To(And(ContainSubstring("not a public key: &#39;x&#39;"), ContainSubstring(">x</textarea>")))
	})

	It("runs no script but its own, and is shown in no other page", func() {
		response, err := http.Get(address)
		Expect(err).NotTo(HaveOccurred())
		response.Body.Close()
		Expect(response.Header.Get("Content-Security-Policy")).To(And(ContainSubstring("default-src 'none'"), ContainSubstring("frame-ancestors 'none'")))
		Expect(response.Header.Get("Cache-Control")).To(Equal("no-store"))
	})

	It("works where nothing is measured", func() {
		m.unmeasured = errors.New("no Prometheus")
		status, body := get("/")
		Expect(status).To(Equal(http.StatusOK))
		Expect(body).To(And(ContainSubstring("study.web"), Not(ContainSubstring("<meter"))))
	})

	It("shows what was used of what is requested, of nothing else", func() {
		e := environments.Environment{CPU: "4", Memory: "512Mi", GPU: "0"}
		Expect(meters(e, Usage{"CPU": 3.4, "Memory": 0.25, "GPU": 0, "Sessions": 1})).To(Equal([]meter{
			{"CPU", "at most 3.4 of 4 cores in the last day", 3.4, 4}, {"Memory", "at most 0.25 of 0.5 GiB in the last day", 0.25, 0.5}}))
	})
})
