//go:build unix

package main

import (
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

// onScreen starts cmd on a wide terminal, but for streams of it that go elsewhere.
func onScreen(cmd *exec.Cmd) screen {
	GinkgoHelper()
	ours, theirs, err := pty.Open()
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { _ = ours.Close() })
	Expect(pty.Setsize(ours, &pty.Winsize{Rows: 24, Cols: 200})).To(Succeed())
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
	Eventually(func() string { return string(s.written.Contents()) }).WithContext(ctx).Should(ContainSubstring(text))
}

// end waits for the end of the program, and returns all that was written to the terminal.
func (s screen) end(ctx SpecContext) string {
	GinkgoHelper()
	Eventually(s.ended).WithContext(ctx).Should(Receive())
	return strings.ReplaceAll(string(s.written.Contents()), "\r\n", "\n")
}

var _ = Describe("waiting", func() {
	Context("on a terminal", func() {
		It("is told after a second, and gone before the table", func(ctx SpecContext) {
			host, answer := slowList()
			before := time.Now()
			s := onScreen(dkrlsProcess(ctx, host, "repos"))
			s.show(ctx, "waiting for the engine at "+host)
			Expect(time.Since(before)).To(BeNumerically(">=", time.Second))
			answer()
			Expect(s.end(ctx)).To(Equal(shownAndErased("waiting for the engine at "+host) + "REPOSITORY\nnginx\n"))
		})

		It("is not told where it is short", func(ctx SpecContext) {
			host, answer := slowList()
			answer()
			Expect(onScreen(dkrlsProcess(ctx, host, "repos")).end(ctx)).To(Equal("REPOSITORY\nnginx\n"))
		})

		It("is gone before an error", func(ctx SpecContext) {
			host, answer := slowEngine(http.StatusInternalServerError, "no space")
			s := onScreen(dkrlsProcess(ctx, host, "repos"))
			s.show(ctx, "waiting for the engine")
			answer()
			Expect(s.end(ctx)).To(Equal(shownAndErased("waiting for the engine at "+host) + "Error: listing images: the engine at " + host +
				" (chosen by DOCKER_HOST): it answers 500: no space; try: the engine's log\n"))
		})

		It("is gone after a signal", func(ctx SpecContext) {
			host, _ := slowList()
			s := onScreen(dkrlsProcess(ctx, host, "repos"))
			s.show(ctx, "waiting for the engine")
			Expect(s.process.Signal(syscall.SIGTERM)).To(Succeed())
			Expect(s.end(ctx)).To(Equal(shownAndErased("waiting for the engine at " + host)))
		})

		It("is told on stderr, where the table goes elsewhere", func(ctx SpecContext) {
			host, answer := slowList()
			cmd := dkrlsProcess(ctx, host, "repos")
			table := gbytes.NewBuffer()
			cmd.Stdout = table
			s := onScreen(cmd)
			s.show(ctx, "waiting for the engine")
			Expect(table.Contents()).To(BeEmpty())
			answer()
			Expect(s.end(ctx)).To(Equal(shownAndErased("waiting for the engine at " + host)))
			Expect(string(table.Contents())).To(Equal("REPOSITORY\nnginx\n"))
		})
	})

	// All of them wait at once, for longer than it takes to tell of it.
	It("is told nowhere else: in a pipe, in a file, on a terminal of CI, on one that can only print, at completion", func(ctx SpecContext) {
		host, answer := slowEngine(http.StatusInternalServerError, "no space")
		failure := "Error: listing images: the engine at " + host + " (chosen by DOCKER_HOST): it answers 500: no space; try: the engine's log\n"
		pipe := gbytes.NewBuffer()
		file, err := os.Create(filepath.Join(GinkgoT().TempDir(), "stderr"))
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(file.Close)
		with := func(stderr io.Writer, variable string, args ...string) screen {
			cmd := dkrlsProcess(ctx, host, args...)
			cmd.Env, cmd.Stderr = append(cmd.Env, variable), stderr
			return onScreen(cmd)
		}
		piped, filed := with(pipe, "A=", "repos"), with(file, "A=", "repos")
		inCI, dumb := with(nil, "CI=true", "repos"), with(nil, "TERM=dumb", "repos")
		Expect(with(nil, "A=", "__complete", "tags", "--prefix", "").end(ctx)).To(Equal(":4\n")) // which waits for a second
		timer := time.AfterFunc(300*time.Millisecond, answer)
		DeferCleanup(timer.Stop)
		Expect([]string{piped.end(ctx), filed.end(ctx), inCI.end(ctx), dumb.end(ctx)}).To(Equal([]string{"", "", failure, failure}))
		Expect(string(pipe.Contents())).To(Equal(failure))
		Expect(os.ReadFile(file.Name())).To(BeEquivalentTo(failure))
	})
})
