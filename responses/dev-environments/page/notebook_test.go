package page

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"dev-environments.test/environments"
)

var _ = Describe("the notebooks' host", func() {
	const host = "notebooks.example.com"
	var m *memory
	var address string
	var reached []*http.Request // by the pod

	BeforeEach(func() {
		reached = nil
		pod := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			reached = append(reached, r)
			if r.Header.Get("Upgrade") == "" {
				io.WriteString(w, "JupyterLab")
				return
			}
			connection, buffer, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			defer connection.Close()
			io.WriteString(connection, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
			io.Copy(connection, buffer)
		}))
		DeferCleanup(pod.Close)
		m = newMemory("web")
		m.add(environments.Environment{Name: "study", Team: "web", Owner: "jane.doe_at_example.com", CPU: "4", Memory: "4Gi", GPU: "0", Awake: true, Ready: true,
			Address: "study.web.dev.example.com", Notebook: "https://" + host + "/web/study/"})
		m.listens = strings.TrimPrefix(pod.URL, "http://")
		s := m.server()
		s.NotebookHost, s.URL = host, "https://environments.example.com"
		handler, err := s.Handler()
		Expect(err).NotTo(HaveOccurred())
		server := httptest.NewServer(proxy(handler))
		DeferCleanup(server.Close)
		address = server.URL
	})
	send := func(method, host, path string, headers ...string) *http.Response {
		GinkgoHelper()
		request, err := http.NewRequest(method, address+path, nil)
		Expect(err).NotTo(HaveOccurred())
		request.Host = host
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		response, err := http.DefaultTransport.RoundTrip(request)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(response.Body.Close)
		return response
	}
	body := func(response *http.Response) string {
		GinkgoHelper()
		text, err := io.ReadAll(response.Body)
		Expect(err).NotTo(HaveOccurred())
		return string(text)
	}

	It("brings the owner to their notebook, with nothing that says who they are or could act for them", func() {
		response := send("GET", host, "/web/study/lab/tree/a%2Fb?reset", "Cookie", `__Host-session_0=s; _xsrf="2|a"; __Host-session_1=t`, "X-Forwarded-User", "jane",
			"X-Forwarded-Access-Token", "t", "X-Auth-Request-Email", "jane@example.com", "Origin", "https://"+host)
		Expect(response).To(HaveHTTPStatus(http.StatusOK))
		Expect(body(response)).To(Equal("JupyterLab"))
		Expect(reached).To(HaveLen(1))
		Expect(reached[0].RequestURI).To(Equal("/web/study/lab/tree/a%2Fb?reset"))
		Expect(reached[0].Host).To(Equal(host), "JupyterLab compares it with the Origin")
		Expect(reached[0].Header).To(And(HaveLen(4), HaveKeyWithValue("Cookie", []string{`_xsrf="2|a"`}), HaveKey("Origin"), HaveKey("User-Agent"), HaveKey("Accept-Encoding")))
	})

	It("passes a websocket on, both ways", func() {
		response := send("GET", host, "/web/study/api/kernels/1/channels", "Connection", "Upgrade", "Upgrade", "websocket")
		Expect(response).To(HaveHTTPStatus(http.StatusSwitchingProtocols))
		io.WriteString(response.Body.(io.Writer), "print(1)\n")
		Expect(bufio.NewReader(response.Body).ReadString('\n')).To(Equal("print(1)\n"))
		Expect(reached[0].Header).NotTo(HaveKey("Authorization"))
	})

	It("asks the cluster once in a while, not for each of JupyterLab's many requests", func() {
		for range 5 {
			send("GET", host, "/web/study/api")
		}
		Expect(reached).To(HaveLen(5))
		Expect(m.asked.Load()).To(BeEquivalentTo(1))
		By("for each person anew")
		m.person.Handle = "li.wei_at_example.com"
		Expect(send("GET", host, "/web/study/api", "As", "lis-token")).To(HaveHTTPStatus(http.StatusForbidden))
	})

	DescribeTable("lets nobody through", func(change func(), status int, words string) {
		change()
		response := send("GET", host, "/web/study/lab")
		Expect(response).To(HaveHTTPStatus(status))
		Expect(body(response)).To(And(ContainSubstring(words), ContainSubstring(`href="https://environments.example.com/"`)))
		Expect(reached).To(BeEmpty())
	},
		Entry("to a colleague's, nor as an admin of the team", func() { m.person.Handle = "lead_at_example.com" }, http.StatusForbidden,
			"study.web belongs to jane.doe@example.com, and only its owner may open its notebook"),
		Entry("whom the cluster refuses", func() { m.fail = &environments.Error{Message: "you may not run environments in team web"} }, http.StatusForbidden, "you may not run"),
		Entry("whom the cluster no longer knows", func() { m.fail = environments.ErrUnauthorized }, http.StatusUnauthorized, `href="/oauth2/start?rd=%2fweb%2fstudy%2flab"`),
		Entry("while the cluster does not answer", func() { m.fail = errors.New("connection refused") }, http.StatusBadGateway, "The cluster does not answer"),
		Entry("to what is asleep", func() { m.all["study"].Awake, m.all["study"].Ready, m.listens = false, false, "" }, http.StatusServiceUnavailable,
			"study.web is asleep</p><p>Try: https://environments.example.com/environments/web/study"),
		Entry("to an image without one", func() { m.all["study"].Notebook = "" }, http.StatusNotFound, "study.web was started from an image without JupyterLab"),
		Entry("to what does not listen", func() { m.listens = "127.0.0.1:1" }, http.StatusBadGateway, "JupyterLab does not answer"),
	)

	It("asks who has no token to sign in", func() {
		Expect(send("GET", host, "/web/study/lab", "Anonymous", "yes")).To(HaveHTTPStatus(http.StatusUnauthorized))
		Expect(reached).To(BeEmpty())
	})

	It("has nothing of the page, nor the page anything of it", func() {
		for _, path := range []string{"/launch", "/keys/web", "/static/page.js", "/healthz", "/environments/web/study", "/environments/web/study/delete"} {
			for _, method := range []string{"GET", "POST"} {
				Expect(send(method, host, path).StatusCode).To(BeElementOf(http.StatusNotFound, http.StatusForbidden, http.StatusTemporaryRedirect), "%s %s", method, path)
			}
		}
		Expect(send("GET", host, "/")).To(And(HaveHTTPStatus(http.StatusSeeOther), HaveHTTPHeaderWithValue("Location", "https://environments.example.com")))
		Expect(send("GET", "environments.example.com", "/web/study/lab")).To(HaveHTTPStatus(http.StatusNotFound))
		Expect(m.called).To(BeEmpty())
		Expect(reached).To(BeEmpty())
	})

	It("is another origin: neither acts on the other", func() {
		for _, headers := range [][]string{{"Sec-Fetch-Site", "same-site"}, {"Origin", "https://" + host}} {
			Expect(send("POST", "environments.example.com", "/environments/web/study/delete", headers...)).To(HaveHTTPStatus(http.StatusForbidden))
		}
		Expect(send("POST", host, "/web/study/api/terminals", "Origin", "https://environments.example.com")).To(HaveHTTPStatus(http.StatusForbidden))
		Expect(m.called).To(BeEmpty())
		Expect(reached).To(BeEmpty())
		Expect(send("POST", host, "/web/study/api/terminals", "Origin", "https://"+host)).To(HaveHTTPStatus(http.StatusOK))
	})

	It("is a click away for the owner, while there is something to open", func() {
		link := ContainSubstring(`href="https://` + host + `/web/study/">Open notebook</a>`)
		for _, path := range []string{"/", "/environments/web/study"} {
			Expect(body(send("GET", "environments.example.com", path))).To(link, path)
		}
		m.all["study"].Owner = "li.wei_at_example.com"
		Expect(body(send("GET", "environments.example.com", "/environments/web/study"))).NotTo(link)
		m.all["study"].Owner, m.all["study"].Awake, m.all["study"].Ready = m.person.Handle, false, false
		Expect(body(send("GET", "environments.example.com", "/"))).NotTo(link)
	})
})
