//go:build unix

package main

import (
	"io"
	"net/http"
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

// A screen is a terminal with a program on it.
type screen struct {
	written *gbytes.Buffer // all that has been written to the terminal
	process *os.Process
	ended   chan error
}

// onScreen starts cmd on a terminal of this width, but for streams of it that go elsewhere.
func onScreen(cmd *exec.Cmd, width uint16) screen {
	GinkgoHelper()
	ours, theirs, err := pty.Open()
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { _ = ours.Close() })
	Expect(pty.Setsize(ours, &pty.Winsize{Rows: 24, Cols: width})).To(Succeed())
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

// shows waits until text is on the screen, this many times.
func (s screen) shows(text string, times int) {
	GinkgoHelper()
	Eventually(func() int { return strings.Count(string(s.written.Contents()), "\r"+text) }).Should(Equal(times))
}

// end waits for the end of the program, and returns all that was written to the terminal.
func (s screen) end() string {
	GinkgoHelper()
	Eventually(s.ended).Should(Receive())
	return strings.ReplaceAll(string(s.written.Contents()), "\r\n", "\n")
}

// after has a handler wait until the gate is open.
func after(gate <-chan struct{}, handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-gate:
			handler(w, r)
		case <-r.Context().Done():
		}
	}
}

// erased is a line that is drawn at the start of a terminal's line, and erased.
func erased(line string) string {
	return "\r" + line + "\r" + strings.Repeat(" ", len(line)) + "\r"
}

var _ = Describe("a line on the terminal that names what is waited for", func() {
	const waiting, wide = "waiting for the engine", 200
	const images = `[{"Id":"sha256:7e4d58f0e5f3aa","RepoTags":["nginx:latest"]}]`
	full := func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "no space", http.StatusInternalServerError)
	}
	failure := func(host string) string {
		return "Error: listing images: the engine at " + host + " (chosen by DOCKER_HOST): it answers 500: no space; try: the engine's log\n"
	}

	It("comes after a second, and is erased before the table, an error, and the end by a signal", func(ctx SpecContext) {
		gate := make(chan struct{})
		good, bad := serve(answering(after(gate, write(images)))), serve(answering(after(gate, full)))
		before, table := time.Now(), gbytes.NewBuffer()
		listed, failed, killed := onScreen(dkrlsCmd(ctx, good, "repos"), wide), onScreen(dkrlsCmd(ctx, bad, "repos"), wide), onScreen(dkrlsCmd(ctx, good, "repos"), wide)
		elsewhere := dkrlsCmd(ctx, good, "repos")
		elsewhere.Stdout = table
		piped := onScreen(elsewhere, wide)
		for _, s := range []screen{listed, failed, killed, piped} {
			s.shows(waiting, 1)
			Expect(time.Since(before)).To(BeNumerically(">=", time.Second))
		}
		Expect(killed.process.Signal(syscall.SIGTERM)).To(Succeed())
		Expect(killed.end()).To(Equal(erased(waiting + " at " + good)))
		close(gate)
		Expect(listed.end()).To(Equal(erased(waiting+" at "+good) + "REPOSITORY\nnginx\n"))
		Expect(failed.end()).To(Equal(erased(waiting+" at "+bad) + failure(bad)))
		Expect(piped.end()).To(Equal(erased(waiting+" at "+good)), "stderr alone")
		Expect(string(table.Contents())).To(Equal("REPOSITORY\nnginx\n"))
	})

	It("is erased before the log goes on, comes back, and fits the terminal", func(ctx SpecContext) {
		ping, list := make(chan struct{}), make(chan struct{})
		host := serve(after(ping, answering(after(list, write(images)))))
		s := onScreen(dkrlsCmd(ctx, host, "repos", "--log-level=DEBUG"), 20)
		const line = "waiting for the eng"
		s.shows(line, 1)
		close(ping)
		s.shows(line, 2)
		close(list)
		log := `(time=\S+ level=DEBUG .*\n)+`
		Expect(s.end()).To(MatchRegexp(`\A` + log + erased(line) + log + erased(line) + log + `REPOSITORY\nnginx\n(time=.*\n)?\z`))
	})

	It("does not come if the engine answers soon", func(ctx SpecContext) {
		Expect(onScreen(dkrlsCmd(ctx, serve(answering(write(images))), "repos"), wide).end()).To(Equal("REPOSITORY\nnginx\n"))
	})

	// All of them wait at once, for longer than it takes the line to come.
	It("does not come in a pipe, in a file, in CI, on a terminal that can only print, and at completion", func(ctx SpecContext) {
		gate := make(chan struct{})
		host := serve(answering(after(gate, full)))
		start := func(stderr io.Writer, variable string, args ...string) screen {
			cmd := withEnv(dkrlsCmd(ctx, host, args...), variable)
			cmd.Stderr = stderr
			return onScreen(cmd, wide)
		}
		pipe, path := gbytes.NewBuffer(), filepath.Join(GinkgoT().TempDir(), "stderr")
		file, err := os.Create(path)
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(file.Close)
		piped, filed := start(pipe, "A=", "repos"), start(file, "A=", "repos")
		inCI, dumb := start(nil, "CI=true", "repos"), start(nil, "TERM=dumb", "repos")
		Expect(start(nil, "A=", "__complete", "tags", "--prefix", "").end()).To(Equal(":4\n")) // which waits for a second
		timer := time.AfterFunc(300*time.Millisecond, func() { close(gate) })
		DeferCleanup(timer.Stop)
		Expect([]string{piped.end(), filed.end(), inCI.end(), dumb.end()}).To(Equal([]string{"", "", failure(host), failure(host)}))
		Expect(string(pipe.Contents())).To(Equal(failure(host)))
		Expect(os.ReadFile(path)).To(BeEquivalentTo(failure(host)))
	})
})
