//go:build unix

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
)

// These specs run the built program as a process, for what only a process has: signals, file
// descriptors, an environment, a clock that runs.

// binary is the program that DKR_LS_BINARY names, or is built when the first spec asks for it.
var binary = sync.OnceValue(func() string {
	GinkgoHelper()
	if built := os.Getenv("DKR_LS_BINARY"); built != "" {
		return built
	}
	path, err := gexec.Build("github.com/dkr-ls/dkr-ls/cmd/dkr-ls")
	Expect(err).NotTo(HaveOccurred())
	return path
})

var _ = AfterSuite(gexec.CleanupBuildArtifacts)

// dkrlsProcess is dkr-ls with an environment of nothing but variables and a config folder that is not
// there.
func dkrlsProcess(ctx SpecContext, host string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, binary(), args...)
	cmd.Env = []string{"DOCKER_CONFIG=/nonexistent", "DOCKER_HOST=" + host}
	return cmd
}

func start(cmd *exec.Cmd) *gexec.Session {
	GinkgoHelper()
	session, err := gexec.Start(cmd, GinkgoWriter, GinkgoWriter)
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { session.Kill().Wait() })
	return session
}

// exited is cmd after its end.
func exited(cmd *exec.Cmd) *gexec.Session {
	GinkgoHelper()
	session := start(cmd)
	Eventually(session).Should(gexec.Exit())
	return session
}

// A stage is a place in the conversation with an engine where a run may be held up.
type stage struct {
	name  string
	serve func(arrived func()) (host string) // tells when the run has got there
}

// stages are engines that each stop at one place, for good.
func stages() []stage {
	hang := func(arrived func(), at string, before func(http.ResponseWriter)) string {
		done := make(chan struct{})
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Api-Version", "1.41")
			if strings.HasSuffix(r.URL.Path, at) {
				before(w)
				arrived()
				<-done
			}
		}))
		DeferCleanup(func() { close(done); server.CloseClientConnections(); server.Close() })
		return strings.Replace(server.URL, "http", "tcp", 1)
	}
	flush := func(text string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			_, _ = w.Write([]byte(text))
			w.(http.Flusher).Flush()
		}
	}
	return []stage{
		{"the connection's greeting", func(arrived func()) string {
			listener := httptest.NewUnstartedServer(nil).Listener // which never says a word
			go func() {
				conn, err := listener.Accept()
				if err == nil {
					arrived()
					DeferCleanup(conn.Close)
				}
			}()
			DeferCleanup(listener.Close)
			return "tcp://" + listener.Addr().String()
		}},
		{"the ping", func(arrived func()) string { return hang(arrived, "/_ping", func(http.ResponseWriter) {}) }},
		{"the list's headers", func(arrived func()) string { return hang(arrived, "/json", func(http.ResponseWriter) {}) }},
		{"the list's body", func(arrived func()) string { return hang(arrived, "/json", flush(`[{"Id":"a"},`)) }},
	}
}

var _ = Describe("a run that waits", func() {
	for _, at := range stages() {
		for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
			It(fmt.Sprintf("for %s ends by %v, without a word", at.name, sig), func(ctx SpecContext) {
				arrived := make(chan struct{})
				session := start(dkrlsProcess(ctx, at.serve(func() { close(arrived) }), "tags"))
				Eventually(ctx, arrived).Should(BeClosed())
				session.Signal(sig)
				Eventually(session).WithContext(ctx).Should(gexec.Exit(128 + int(sig)))
				Expect(string(session.Out.Contents()) + string(session.Err.Contents())).To(BeEmpty())
			})
		}

		It(fmt.Sprintf("for %s gives up when the time is over", at.name), func(ctx SpecContext) {
			host := at.serve(func() {})
			session := exited(dkrlsProcess(ctx, host, "tags", "--timeout", "1s"))
			Expect(session).To(gexec.Exit(1))
			Expect(session.Out.Contents()).To(BeEmpty())
			Expect(string(session.Err.Contents())).To(Equal("Error: listing images: the engine at " + host +
				" (chosen by DOCKER_HOST): no answer within 1s; try: a longer --timeout\n"))
		})
	}

	It("for an answer that never ends gives up when the time is over", func(ctx SpecContext) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tick := time.NewTicker(10 * time.Millisecond)
			defer tick.Stop()
			for {
				_, _ = w.Write([]byte(" "))
				w.(http.Flusher).Flush()
				select {
				case <-tick.C:
				case <-r.Context().Done():
					return
				}
			}
		}))
		DeferCleanup(server.Close)
		session := exited(dkrlsProcess(ctx, strings.Replace(server.URL, "http", "tcp", 1), "--timeout=200ms", "repos"))
		Expect(session).To(gexec.Exit(1))
		Expect(session.Err).To(gbytes.Say("no answer within 200ms"))
	})
})

var _ = Describe("the output", func() {
	var host string
	BeforeEach(func() {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Api-Version", "1.41")
			if strings.HasSuffix(r.URL.Path, "/json") {
				_, _ = w.Write([]byte(`[{"Id":"a"}`))
				for i := range 20_000 { // far more than a pipe holds
					_, _ = fmt.Fprintf(w, `,{"Id":"%d","Size":%d}`, i, i)
				}
				_, _ = w.Write([]byte(`]`))
			}
		}))
		DeferCleanup(server.Close)
		host = strings.Replace(server.URL, "http", "tcp", 1)
	})

	// shell runs a line of sh in which dkr-ls is the program.
	shell := func(ctx SpecContext, line string) *gexec.Session {
		GinkgoHelper()
		cmd := dkrlsProcess(ctx, host)
		cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", line}
		cmd.Env = append(cmd.Env, "PATH="+os.Getenv("PATH"), "DKR_LS="+binary())
		return exited(cmd)
	}

	It("into a pipe that is closed ends quietly", func(ctx SpecContext) {
		session := shell(ctx, `"$DKR_LS" tags | head -1`)
		Expect(string(session.Out.Contents())).To(Equal(header))
		Expect(string(session.Err.Contents())).To(BeEmpty())
		Expect(session).To(gexec.Exit(0))
	})

	DescribeTable("that cannot be written is an error", func(ctx SpecContext, line, message string) {
		if _, err := os.Stat("/dev/full"); err != nil && strings.Contains(line, "/dev/full") {
			skipAloud("this system has no /dev/full")
		}
		session := shell(ctx, line)
		Expect(string(session.Err.Contents())).To(Equal("Error: writing the output: " + message + "; try: another place for it\n"))
		Expect(session).To(gexec.Exit(1))
	},
		Entry("on a full device", `"$DKR_LS" tags >/dev/full`, "write /dev/stdout: no space left on device"),
	)

	It("of the log that cannot be written is an error, and the table is printed all the same", func(ctx SpecContext) {
		path := filepath.Join(GinkgoT().TempDir(), "log")
		session := shell(ctx, `ulimit -f 0; "$DKR_LS" repos --log-file '`+path+`'`) // a disk is as full for files, and not for pipes
		Expect(string(session.Out.Contents())).To(Equal("REPOSITORY\n<none>\n"))
		Expect(string(session.Err.Contents())).To(Equal("Error: writing the log file: write " + path + ": file too large; try: another place for it\n"))
		Expect(session).To(gexec.Exit(1))
	})

	DescribeTable("to nowhere is fine", func(ctx SpecContext, line string) {
		session := shell(ctx, line)
		Expect(string(session.Err.Contents())).To(BeEmpty())
		Expect(session).To(gexec.Exit(0))
	},
		Entry("as a shell has it", `"$DKR_LS" repos >/dev/null`),
		Entry("as Python and Node.js have it", `"$DKR_LS" repos 1<>/dev/null`),
		Entry("as a daemon has it", `"$DKR_LS" repos 0<>/dev/null 1<>/dev/null 2<>/dev/null`),
	)

	It("is the same in any locale and time zone", func(ctx SpecContext) {
		plain := shell(ctx, `"$DKR_LS" tags`).Out.Contents()
		for _, setting := range []string{"LC_ALL=de_DE.UTF-8", "TZ=Pacific/Kiritimati", "NO_COLOR=1", "TERM=dumb", "COLUMNS=20"} {
			Expect(shell(ctx, setting+` "$DKR_LS" tags`).Out.Contents()).To(Equal(plain), setting)
		}
	})
})
