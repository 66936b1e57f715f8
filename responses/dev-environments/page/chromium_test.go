package page

import (
	"context"
	"os"
	"os/exec"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// openBrowser opens a tab that is there until the container ends.
func openBrowser() context.Context {
	GinkgoHelper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		path, err = exec.LookPath("google-chrome")
	}
	Expect(err).NotTo(HaveOccurred(), "no browser; try: hack/apt.sh chromium")
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WindowSize(1000, 700), chromedp.WSURLReadTimeout(2*time.Minute))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	all, stop := chromedp.NewExecAllocator(context.Background(), options...)
	DeferCleanup(stop)
	tab, cancel := chromedp.NewContext(all)
	DeferCleanup(cancel)
	Expect(chromedp.Run(tab)).To(Succeed())
	return tab
}

// skippedWaits has pages that are opened from now on wait for nothing, while their clock says that they did. The seconds are in `waits`.
func skippedWaits(ctx context.Context) error {
	script, err := page.AddScriptToEvaluateOnNewDocument(`const wait = setTimeout;
		let now = Date.now();
		window.waits = [];
		Date.now = () => now;
		window.setTimeout = (f, ms) => { waits.push(ms / 1000); now += ms; return wait(f); };`).Do(ctx)
	tab := chromedp.FromContext(ctx)
	DeferCleanup(func(ctx SpecContext) error {
		return page.RemoveScriptToEvaluateOnNewDocument(script).Do(cdp.WithExecutor(ctx, tab.Target))
	})
	return err
}
