//go:build unix

package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	"github.com/opencontainers/go-digest"
	"golang.org/x/sys/unix"
)

// dripping answers with white space, and never ends.
func dripping(w http.ResponseWriter, r *http.Request) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for r.Context().Err() == nil {
		_, _ = w.Write([]byte(" "))
		w.(http.Flusher).Flush()
		<-tick.C
	}
}

// leaveChild is a line of sh that starts a child which holds stderr, as ssh does with ControlPersist. The
// child ends with the spec.
func leaveChild() string {
	file := filepath.Join(GinkgoT().TempDir(), "pid")
	DeferCleanup(func() {
		if pid, err := pidIn(file); !errors.Is(err, os.ErrNotExist) { // unless it had no time to start
			Expect(err).NotTo(HaveOccurred())
			Expect(syscall.Kill(pid, syscall.SIGKILL)).To(Succeed())
		}
	})
	return "sleep 600 <&- >&- & echo $! >" + file + "; "
}

func pidIn(file string) (int, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

var _ = Describe("a run that waits", func() {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		DescribeTable(fmt.Sprintf("ends by %v, without a word,", sig), func(ctx SpecContext, engine func(arrived chan<- struct{}) http.HandlerFunc) {
			arrived := make(chan struct{}, 1)
			session := start(dkrlsCmd(ctx, serve(engine(arrived)), "tags"))
			Eventually(ctx, arrived).Should(Receive())
			session.Signal(sig)
			Eventually(session).Should(gexec.Exit(128 + int(sig)))
			Expect(string(session.Out.Contents()) + string(session.Err.Contents())).To(BeEmpty())
		},
			Entry("for the ping", func(arrived chan<- struct{}) http.HandlerFunc { return hang("", arrived) }),
			Entry("for the list", func(arrived chan<- struct{}) http.HandlerFunc { return answering(hang("", arrived)) }),
			Entry("for the rest of the list", func(arrived chan<- struct{}) http.HandlerFunc { return answering(hang(`[{"Id":"a"},`, arrived)) }),
		)
	}

	DescribeTable("gives up after --timeout", func(ctx SpecContext, engine http.HandlerFunc, ssh func() string) {
		host, script := "ssh://host", "exit 1"
		if engine != nil {
			host = serve(engine)
		} else {
			script = ssh()
		}
		got := ended(withSSH(dkrlsCmd(ctx, host, "tags", "--timeout=200ms"), script))
		Expect(got).To(Equal(result{1, "", got.stderr}))
		Expect(got.stderr).To(MatchRegexp(`\AError: .*no answer within 200ms; try: a longer --timeout\n\z`))
	},
		Entry("for the ping", hang("", nil), nil),
		Entry("for the list", answering(hang("", nil)), nil),
		Entry("for the rest of the list", answering(hang(`[{"Id":"a"},`, nil)), nil),
		Entry("for a list that never ends", answering(dripping), nil),
		Entry("for an ssh that says nothing", nil, func() string { return "exec sleep 600" }),
		Entry("for an ssh that has ended, but not its child", nil, func() string { return leaveChild() + "exit 255" }),
		Entry("for an ssh that ends within its answer, but not its child", nil, func() string {
			return leaveChild() + `read -r request; printf 'HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\n['`
		}),
		Entry("for an ssh that ignores SIGTERM", nil, func() string { return "trap '' TERM; " + leaveChild() + "while :; do wait; done" }),
	)

	DescribeTable("ends in time as a completion", func(ctx SpecContext, host func() string) {
		cmd := dkrlsCmd(ctx, host(), "__complete", "tags", "--timeout=200ms", "--prefix", "")
		Expect(ended(withSSH(cmd, leaveChild()+"exit 255"))).To(Equal(result{0, ":4\n", ""}))
	},
		Entry("for an engine", silent),
		Entry("for an engine that switches protocols", func() string { return serve(raw(switching)) }),
		Entry("for an ssh that has ended, but not its child", func() string { return "ssh://host" }),
	)

	It("says so even if its error is read late", func(ctx SpecContext) {
		pipe := fullPipe()
		session := pipe.slowly(inShell(ctx, silent(), "exec dkr-ls tags --timeout=50ms 2>&3"))
		Consistently(session, 300*time.Millisecond).ShouldNot(gexec.Exit())
		Expect(pipe.rest()).To(MatchRegexp(`\x00Error: .*: no answer within 50ms; try: a longer --timeout\n\z`))
		Eventually(session).Should(gexec.Exit(1))
	})

	It("ends even if its error is never read", func(ctx SpecContext) {
		Eventually(fullPipe().slowly(inShell(ctx, silent(), "exec dkr-ls tags --timeout=50ms 2>&3"))).Should(gexec.Exit(1))
	})
})

var _ = Describe("an engine", func() {
	It("over ssh is listed at once, even if ssh leaves a child behind", func(ctx SpecContext) {
		answer := `printf 'HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\n[]'`
		cmd := withSSH(dkrlsCmd(ctx, "ssh://me@host", "tags"), leaveChild()+`while read -r line; do [ "$line" = "$(printf '\r')" ] && `+answer+`; done`)
		Expect(ended(cmd)).To(Equal(result{0, header, ""}))
	})

	It("that sends more than its answer is listed in silence", func(ctx SpecContext) {
		host := serve(answering(raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]::error ::stray")))
		for range 5 {
			Expect(ended(dkrlsCmd(ctx, host, "tags"))).To(Equal(result{0, header, ""}))
		}
	})

	It("that switches protocols is an error at once", func(ctx SpecContext) {
		host := serve(answering(raw(switching)))
		got := ended(dkrlsCmd(ctx, host, "tags", "--timeout=0"))
		Expect(got.status).To(Equal(1))
		Expect(got.stderr).To(HavePrefix("Error: listing images: the engine at " + host + " (chosen by DOCKER_HOST): it answers 101: Switching Protocols"))
	})
})

var _ = DescribeTable("a file that cannot be read at once is an error that names it", func(ctx SpecContext, env map[string]string, path ...string) {
	name := path[len(path)-1]
	for kind, plant := range map[string]func(string) error{
		"a FIFO":   func(path string) error { return unix.Mkfifo(path, 0o600) },
		"a device": func(path string) error { return os.Symlink("/dev/zero", path) },
		"a terabyte": func(path string) error { // none of which takes place on the disk
			return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, 1<<40))
		},
	} {
		dir := dockerFolder(map[string]string{"prod": "tcp://127.0.0.1:1"})
		put("", dir, "ca.pem") // which is read first
		file := filepath.Join(append([]string{dir}, path...)...)
		_ = os.Remove(file)
		Expect(os.MkdirAll(filepath.Dir(file), 0o700)).To(Succeed())
		Expect(plant(file)).To(Succeed())
		env["DOCKER_CONFIG"] = dir
		got := choosing(env).run(ctx, "tags", "--timeout=20s")
		Expect(got.status).To(Equal(1), kind)
		Expect(got.stdout).To(BeEmpty(), kind)
		Expect(got.stderr).To(MatchRegexp(`\AError: .*`+name+`.*(is not a regular file|is longer than 10 MiB).*\n\z`), kind)
	}
},
	Entry("for the config file", map[string]string{}, "config.json"),
	Entry("for a context", map[string]string{"DOCKER_CONTEXT": "prod"}, "contexts", "meta", digest.FromString("prod").Encoded(), "meta.json"),
	Entry("for a context's CA", map[string]string{"DOCKER_CONTEXT": "prod"}, "contexts", "tls", digest.FromString("prod").Encoded(), "docker", "ca.pem"),
	Entry("for a context's certificate", map[string]string{"DOCKER_CONTEXT": "prod"}, "contexts", "tls", digest.FromString("prod").Encoded(), "docker", "cert.pem"),
	Entry("for a context's key", map[string]string{"DOCKER_CONTEXT": "prod"}, "contexts", "tls", digest.FromString("prod").Encoded(), "docker", "key.pem"),
	Entry("for the CA", map[string]string{"DOCKER_TLS_VERIFY": "1", "DOCKER_HOST": "tcp://127.0.0.1:1"}, "ca.pem"),
	Entry("for the certificate", map[string]string{"DOCKER_TLS_VERIFY": "1", "DOCKER_HOST": "tcp://127.0.0.1:1"}, "cert.pem"),
	Entry("for the key", map[string]string{"DOCKER_TLS_VERIFY": "1", "DOCKER_HOST": "tcp://127.0.0.1:1"}, "key.pem"),
)
