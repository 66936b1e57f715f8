//go:build unix

package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/creack/pty"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/opencontainers/go-digest"
)

// slowEngine is an engine that answers once it is told to.
func slowEngine(status int, text string) (host string, answer func()) {
	told := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.41")
		if strings.HasSuffix(r.URL.Path, "/json") {
			select {
			case <-told:
			case <-r.Context().Done():
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte(text))
		}
	}))
	DeferCleanup(server.Close)
	return strings.Replace(server.URL, "http", "tcp", 1), func() { close(told) }
}

// slowList is an engine that lists one image once it is told to.
func slowList() (host string, answer func()) {
	return slowEngine(http.StatusOK, `[{"Id":"sha256:7e4d58f0e5f3aa","RepoTags":["nginx:latest"]}]`)
}

// A screen is a terminal with a program on it.
type screen struct {
	written *gbytes.Buffer // all that has been written to the terminal
	process *os.Process
	ended   chan error
}

// onScreen starts cmd on a terminal with so many columns, but for streams of it that go elsewhere.
func onScreen(cmd *exec.Cmd, columns uint16) screen {
	GinkgoHelper()
	ours, theirs, err := pty.Open()
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { _ = ours.Close() })
	Expect(pty.Setsize(ours, &pty.Winsize{Rows: 24, Cols: columns})).To(Succeed())
	cmd.Stdin = theirs
	for _, stream := range []*io.Writer{&cmd.Stdout, &cmd.Stderr} {
		if *stream == nil {
			*stream = theirs
		}
	}
	cmd.Env = append([]string{"TERM=xterm"}, cmd.Env...)
	Expect(cmd.Start()).To(Succeed())
	Expect(theirs.Close()).To(Succeed())
	DeferCleanup(func() { _ = cmd.Process.Kill() })
	s := screen{gbytes.NewBuffer(), cmd.Process, make(chan error, 1)}
	go func() {
		_, _ = io.Copy(s.written, ours) // up to the end of the program
		s.ended <- cmd.Wait()
	}()
	return s
}

// show waits for text on the screen.
func (s screen) show(ctx SpecContext, text string) {
	GinkgoHelper()
	Eventually(func() string { return string(s.written.Contents()) }).WithContext(ctx).WithTimeout(deadline).Should(ContainSubstring(text))
}

// end waits for the end of the program, and returns all that was written to the terminal.
func (s screen) end(ctx SpecContext) string {
	GinkgoHelper()
	Eventually(s.ended).WithContext(ctx).WithTimeout(deadline).Should(Receive())
	return strings.ReplaceAll(string(s.written.Contents()), "\r\n", "\n")
}

// shownAndErased is a line that is drawn at the start of a terminal's line, and erased.
func shownAndErased(line string) string {
	return "\r" + line + "\r" + strings.Repeat(" ", len(line)) + "\r"
}

var _ = Describe("waiting", func() {
	const wide = 200

	Context("on a terminal", func() {
		It("is told after a second, and gone before the table", func(ctx SpecContext) {
			host, answer := slowList()
			before := time.Now()
			s := onScreen(dkrlsProcess(ctx, host, "repos"), wide)
			s.show(ctx, "waiting for the engine at "+host)
			Expect(time.Since(before)).To(BeNumerically(">=", time.Second))
			answer()
			Expect(s.end(ctx)).To(Equal(shownAndErased("waiting for the engine at "+host) + "REPOSITORY\nnginx\n"))
		})

		It("is not told where it is short", func(ctx SpecContext) {
			host, answer := slowList()
			answer()
			Expect(onScreen(dkrlsProcess(ctx, host, "repos"), wide).end(ctx)).To(Equal("REPOSITORY\nnginx\n"))
		})

		It("is gone before an error", func(ctx SpecContext) {
			host, answer := slowEngine(http.StatusInternalServerError, "no space")
			s := onScreen(dkrlsProcess(ctx, host, "repos"), wide)
			s.show(ctx, "waiting for the engine")
			answer()
			Expect(s.end(ctx)).To(Equal(shownAndErased("waiting for the engine at "+host) + "Error: listing images: the engine at " + host +
				" (chosen by DOCKER_HOST): it answers 500: no space; try: the engine's log\n"))
		})

		It("is gone before the log goes on", func(ctx SpecContext) {
			host, answer := slowList()
			s := onScreen(dkrlsProcess(ctx, host, "repos", "--log-level", "DEBUG"), wide)
			s.show(ctx, "waiting for the engine")
			answer()
			Expect(s.end(ctx)).To(ContainSubstring(shownAndErased("waiting for the engine at "+host) + "time="))
		})

		It("is gone after a signal", func(ctx SpecContext) {
			host, _ := slowList()
			s := onScreen(dkrlsProcess(ctx, host, "repos"), wide)
			s.show(ctx, "waiting for the engine")
			Expect(s.process.Signal(syscall.SIGTERM)).To(Succeed())
			Expect(s.end(ctx)).To(Equal(shownAndErased("waiting for the engine at " + host)))
		})

		It("takes one line of it at most", func(ctx SpecContext) {
			host, answer := slowList()
			s := onScreen(dkrlsProcess(ctx, host, "repos"), 20)
			s.show(ctx, "waiting")
			answer()
			Expect(s.end(ctx)).To(Equal(shownAndErased("waiting for the eng") + "REPOSITORY\nnginx\n"))
		})

		It("is told on stderr, where the table goes elsewhere", func(ctx SpecContext) {
			host, answer := slowList()
			cmd := dkrlsProcess(ctx, host, "repos")
			table := gbytes.NewBuffer()
			cmd.Stdout = table
			s := onScreen(cmd, wide)
			s.show(ctx, "waiting for the engine")
			Expect(table.Contents()).To(BeEmpty())
			answer()
			Expect(s.end(ctx)).To(Equal(shownAndErased("waiting for the engine at " + host)))
			Expect(string(table.Contents())).To(Equal("REPOSITORY\nnginx\n"))
		})

		It("for several contexts tells how many of them have answered", func(ctx SpecContext) {
			folder := GinkgoT().TempDir()
			answers := map[string]func(){}
			for _, name := range []string{"one", "two", "three"} {
				host, answer := slowList()
				answers[name] = answer
				meta := filepath.Join(folder, "contexts", "meta", digest.FromString(name).Encoded(), "meta.json")
				Expect(os.MkdirAll(filepath.Dir(meta), 0o700)).To(Succeed())
				Expect(os.WriteFile(meta, fmt.Appendf(nil, `{"Name":%q,"Endpoints":{"docker":{"Host":%q}}}`, name, host), 0o600)).To(Succeed())
			}
			cmd := dkrlsProcess(ctx, "", "repos", "--format={{.Context}}", "--context=one", "--context=two", "--context=three")
			cmd.Env = append(cmd.Env, "DOCKER_CONFIG="+folder)
			s := onScreen(cmd, wide)
			s.show(ctx, "waiting: 0 of 3 contexts have answered")
			answers["two"]()
			s.show(ctx, "waiting: 1 of 3 contexts have answered")
			answers["one"]()
			s.show(ctx, "waiting: 2 of 3 contexts have answered")
			answers["three"]()
			text := func(n int) string { return fmt.Sprintf("waiting: %d of 3 contexts have answered", n) }
			Expect(s.end(ctx)).To(Equal(shownAndErased(text(0)) + shownAndErased(text(1)) + shownAndErased(text(2)) + "one\nthree\ntwo\n"))
		})
	})

	Context("elsewhere is silent:", func() {
		// patient is a command that waits for longer than it takes to tell of it, and the error that it ends with.
		patient := func(ctx SpecContext) (cmd *exec.Cmd, failure string) {
			host, answer := slowEngine(http.StatusInternalServerError, "no space")
			timer := time.AfterFunc(1200*time.Millisecond, answer)
			DeferCleanup(timer.Stop)
			return dkrlsProcess(ctx, host, "repos"), "Error: listing images: the engine at " + host +
				" (chosen by DOCKER_HOST): it answers 500: no space; try: the engine's log\n"
		}

		It("in a pipe, with stdout on a terminal", func(ctx SpecContext) {
			cmd, failure := patient(ctx)
			pipe := gbytes.NewBuffer()
			cmd.Stderr = pipe
			Expect(onScreen(cmd, wide).end(ctx)).To(BeEmpty())
			Expect(string(pipe.Contents())).To(Equal(failure))
		})

		It("in a file, with stdout on a terminal", func(ctx SpecContext) {
			cmd, failure := patient(ctx)
			file, err := os.Create(filepath.Join(GinkgoT().TempDir(), "stderr"))
			Expect(err).NotTo(HaveOccurred())
			DeferCleanup(file.Close)
			cmd.Stderr = file
			Expect(onScreen(cmd, wide).end(ctx)).To(BeEmpty())
			Expect(os.ReadFile(file.Name())).To(BeEquivalentTo(failure))
		})

		DescribeTable("on a terminal", func(ctx SpecContext, variable string) {
			cmd, failure := patient(ctx)
			cmd.Env = append(cmd.Env, variable)
			Expect(onScreen(cmd, wide).end(ctx)).To(Equal(failure))
		},
			Entry("of CI", "CI=true"),
			Entry("that can only print", "TERM=dumb"),
		)

		It("at completion", func(ctx SpecContext) {
			host, _ := slowList() // which takes longer than the second that completion waits
			Expect(onScreen(dkrlsProcess(ctx, host, "__complete", "tags", "--prefix", ""), wide).end(ctx)).NotTo(ContainSubstring("waiting"))
		})
	})
})
