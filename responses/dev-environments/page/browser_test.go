package page

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"dev-environments.test/environments"
)

// A person in front of a real browser; the cluster is memory's. With PICTURES=DIRECTORY it keeps pictures of the pages.
var _ = Describe("in a browser", Ordered, ContinueOnFailure, func() {
	var m *memory
	var address string
	var tab context.Context

	do := func(actions ...chromedp.Action) {
		GinkgoHelper()
		ctx, cancel := context.WithTimeout(tab, 2*time.Minute)
		defer cancel()
		Expect(chromedp.Run(ctx, actions...)).To(Succeed())
	}
	text := func() string {
		GinkgoHelper()
		var text string
		do(chromedp.Text("main", &text, chromedp.ByQuery))
		return text
	}
	picture := func(name string) {
		GinkgoHelper()
		if directory := os.Getenv("PICTURES"); directory != "" {
			var content []byte
			do(chromedp.FullScreenshot(&content, 100))
			Expect(os.WriteFile(filepath.Join(directory, name+".png"), content, 0o644)).To(Succeed())
		}
	}
	// to presses Tab until the element has the focus, as one without a mouse does.
	to := func(selector string) {
		GinkgoHelper()
		for range 60 {
			var there bool
			do(chromedp.KeyEvent(kb.Tab), chromedp.Evaluate("document.activeElement.matches('"+selector+"')", &there))
			if there {
				return
			}
		}
		Fail("not reached by Tab: " + selector)
	}

	BeforeAll(func() {
		tab = openBrowser()
		m = newMemory("web", "data")
		m.add(environments.Environment{Name: "report", Team: "data", Owner: "jane.doe_at_example.com", Group: "high-memory", Base: "python-3.13", CPU: "8", Memory: "128Gi", GPU: "0",
			Expires: "2026-12-02", Home: "500Gi", Asleep: "2026-11-24T19:00:00Z idle", Address: "report.data.dev.example.com"})
		m.add(environments.Environment{Name: "train", Team: "data", Owner: "li.wei_at_example.com", Group: "gpu", Base: "cuda-13", CPU: "16", Memory: "64Gi", GPU: "2",
			Awake: true, Ready: true, Expires: "2026-12-09", Address: "train.data.dev.example.com"})
		handler, err := m.server().Handler()
		Expect(err).NotTo(HaveOccurred())
		server := httptest.NewServer(proxy(handler))
		DeferCleanup(server.Close)
		address = server.URL
	})

	It("launches, and sees it come up step by step", func() {
		do(chromedp.Navigate(address+"/launch?team=web"), chromedp.SendKeys("#name", "study"),
			chromedp.SetValue("#base", "python-3.13"), chromedp.SetValue("#cpu", "4"), chromedp.SendKeys("#packages", "jq git"))
		picture("launch")
		do(chromedp.Click("main button.primary"), chromedp.WaitVisible(".steps"))
		Expect(text()).To(ContainSubstring("accepted"))
		m.come("study", 1)
		do(chromedp.WaitVisible("//li[contains(., 'Insufficient cpu')]", chromedp.BySearch))
		picture("starting")
		m.come("study", 4)
		do(chromedp.WaitVisible(".state.ready"))
		Expect(text()).To(And(ContainSubstring("python-3.13 + jq git"), ContainSubstring("host key fingerprint: SHA256:")))
	})

	It("copies the ssh line", func() {
		var copied string
		do(chromedp.ActionFunc(func(ctx context.Context) error {
			may := browser.GrantPermissions([]browser.PermissionType{browser.PermissionTypeClipboardReadWrite, browser.PermissionTypeClipboardSanitizedWrite})
			return may.Do(cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser))
		}), chromedp.Click("[data-copy]"), chromedp.WaitVisible("//button[text()='Copied']", chromedp.BySearch),
			chromedp.Evaluate("navigator.clipboard.readText()", &copied, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
		Expect(copied).To(Equal("ssh -p 2222 dev@study.web.dev.example.com"))
	})

	It("shows what one has, and how much of it is used", func() {
		do(chromedp.Navigate(address))
		Expect(text()).To(And(ContainSubstring("study.web"), ContainSubstring("at most 3.4 of 4 cores in the last day"), ContainSubstring("li.wei@example.com"), ContainSubstring("asleep: idle")))
		picture("list")
	})

	It("pins, extends, wakes, deletes and undoes that", func() {
		do(chromedp.Click("form[action$='/study/pin'] button"), chromedp.WaitVisible("form[action$='/study/unpin']"))
		do(chromedp.Click("form[action$='/study/extend'] button"), chromedp.WaitVisible("//p[contains(., '2027-01-20')]", chromedp.BySearch))
		do(chromedp.Navigate(address), chromedp.Click("form[action$='/report/wake'] button"),
			chromedp.WaitVisible("//h1[contains(., 'report')]", chromedp.BySearch), chromedp.WaitVisible(".state.ready"))
		do(chromedp.Navigate(address), chromedp.Click("a[href$='/study/delete']"), chromedp.WaitVisible("button.danger"), chromedp.Click("button.danger"),
			chromedp.WaitVisible(".deleted"))
		Expect(text()).To(ContainSubstring("study.web of jane.doe@example.com, home 10Gi, until 2026-12-14"))
		do(chromedp.Click("form[action$='/study/restore'] button"), chromedp.WaitVisible("form[action$='/study/extend']"))
		Expect(m.called).To(Equal([]string{"launch study", "pin study", "extend study", "wake report", "delete study", "restore study"}))
	})

	DescribeTable("renews what starts in place: what has the focus keeps it", func(path, ready string) {
		m.starting("slow")
		DeferCleanup(m.remove, "slow")
		var focused bool
		do(chromedp.Navigate(address+path), chromedp.WaitVisible(".state.starting"), chromedp.Focus("form[action$='/slow/pin'] button"))
		m.come("slow", 4)
		do(chromedp.WaitVisible(ready),
			chromedp.Evaluate("document.activeElement.matches('form[action$=\"/slow/pin\"] button')", &focused))
		Expect(focused).To(BeTrue())
		By("and asks no more")
		asked := m.asked.Load()
		Consistently(m.asked.Load).WithTimeout(4 * time.Second).Should(Equal(asked))
	},
		Entry("on its page", "/environments/web/slow", ".state.ready"),
		Entry("on the list", "/", "#live-web-slow .state.ready"),
	)

	It("asks less and less often for what never starts, and stops after a quarter of an hour", func() {
		m.starting("never")
		DeferCleanup(m.remove, "never")
		var waits []float64
		do(chromedp.ActionFunc(skippedWaits), chromedp.Navigate(address))
		sum := func() (sum float64) {
			do(chromedp.Evaluate("waits", &waits))
			for _, wait := range waits {
				sum += wait
			}
			return sum
		}
		Eventually(sum).WithTimeout(time.Minute).Should(BeNumerically(">=", 900))
		Expect(waits[0]).To(Equal(2.0))
		Expect(waits[len(waits)-1]).To(Equal(30.0))
		Consistently(sum).WithTimeout(time.Second).Should(BeNumerically("<", 930))
	})

	It("shows that a slow cluster works, and does nothing for a second click", func() {
		m.slow = make(chan struct{})
		DeferCleanup(func() { m.slow = nil })
		before := len(m.called)
		var busy string
		do(chromedp.Navigate(address), chromedp.Evaluate(`(() => {
			const button = document.querySelector("form[action$='/report/extend'] button");
			button.click();
			button.click();
			return button.getAttribute("aria-busy") + " " + button.textContent;
		})()`, &busy))
		close(m.slow)
		do(chromedp.WaitVisible("//h1[contains(., 'report')]", chromedp.BySearch))
		Expect(busy).To(Equal("true Working…"))
		Expect(m.called[before:]).To(Equal([]string{"extend report"}))
	})

	It("launches by the keyboard alone, without any script", func() {
		do(emulation.SetScriptExecutionDisabled(true), chromedp.Navigate(address))
		to("a[href=\"/launch\"]")
		do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible("#name"))
		to("#name")
		do(chromedp.KeyEvent("keys"))
		to("#memory")
		do(chromedp.KeyEvent(kb.ArrowDown))
		to("main button")
		do(chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(".steps"))
		By("no button that needs one being shown")
		do(chromedp.Navigate(address), chromedp.WaitVisible(".ssh"), chromedp.WaitNotVisible("[data-copy]"))
		Expect(m.chosen["keys"]).To(HaveKeyWithValue("memory", "8Gi"))
		do(emulation.SetScriptExecutionDisabled(false))
	})

	It("fits a phone", func() {
		do(emulation.SetDeviceMetricsOverride(390, 844, 1, true))
		for _, path := range []string{"/", "/launch", "/environments/web/keys", "/environments/web/keys/delete", "/keys/web"} {
			var tooWide bool
			do(chromedp.Navigate(address+path), chromedp.Evaluate("document.documentElement.scrollWidth > innerWidth", &tooWide))
			Expect(tooWide).To(BeFalse(), path)
		}
	})
})
