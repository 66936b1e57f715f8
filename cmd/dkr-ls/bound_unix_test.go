//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gbytes"
	"github.com/onsi/gomega/gexec"
	"github.com/onsi/gomega/gleak"
	"github.com/opencontainers/go-digest"
	"golang.org/x/sys/unix"

	"github.com/dkr-ls/dkr-ls/lister"
)

const (
	bound = 500 * time.Millisecond
	late  = "within 500ms; try: a longer --timeout\n"
)

// listing starts an engine whose list is this body.
func listing(body string) (host string) {
	return raw(func(path string) string {
		if strings.HasSuffix(path, "/json") {
			return response(body)
		}
		return response("OK")
	}).host
}

// imagesJSON are so many of an engine's list, in JSON, in an order that is far from ours.
func imagesJSON(n int) string {
	var body strings.Builder
	for i := range n {
		fmt.Fprintf(&body, `,{"Created":%d,"Id":"sha256:%064x","RepoTags":["app-%d:1"],"Size":1}`, 1_600_000_000+i*7919%1_000_000, i, i)
	}
	return "[" + body.String()[1:] + "]"
}

// withSSH is a process that finds a stand-in for ssh, which does what a line of sh says.
func withSSH(cmd *exec.Cmd, does string) *exec.Cmd {
	GinkgoHelper()
	dir := GinkgoT().TempDir()
	Expect(os.WriteFile(filepath.Join(dir, "ssh"), []byte("#!/bin/sh\n"+does+"\n"), 0o700)).To(Succeed())
	cmd.Env = append(cmd.Env, "PATH="+dir+":"+os.Getenv("PATH"))
	return cmd
}

// sshLeavesChild is a line of sh that starts a child which holds stderr, as ssh does with
// ControlPersist. The child ends with the spec.
func sshLeavesChild() string {
	pid := filepath.Join(GinkgoT().TempDir(), "pid")
	DeferCleanup(func() {
		text, err := os.ReadFile(pid)
		if errors.Is(err, os.ErrNotExist) { // on a machine too busy for it to start
			return
		}
		Expect(err).NotTo(HaveOccurred())
		number, err := strconv.Atoi(strings.TrimSpace(string(text)))
		Expect(err).NotTo(HaveOccurred())
		Expect(syscall.Kill(number, syscall.SIGKILL)).To(Succeed())
	})
	return "sleep 600 <&- >&- & echo $! >" + pid + "; "
}

// full is the end of a pipe that takes no more, and that nobody reads.
func full() *os.File {
	GinkgoHelper()
	reader, writer, err := os.Pipe()
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { _ = reader.Close(); _ = writer.Close() })
	fd := int(writer.Fd()) // which makes it blocking
	Expect(unix.SetNonblock(fd, true)).To(Succeed())
	for err == nil {
		_, err = unix.Write(fd, make([]byte, 4096))
	}
	Expect(err).To(MatchError(unix.EAGAIN))
	Expect(unix.SetNonblock(fd, false)).To(Succeed())
	return writer
}

// through is cmd, started by a shell that redirects a stream to file: gexec reads what it is given.
func through(cmd *exec.Cmd, redirection string, file *os.File) *exec.Cmd {
	cmd.ExtraFiles = []*os.File{file} // number 3
	cmd.Args = append([]string{"sh", "-c", `exec "$0" "$@" ` + redirection, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	return cmd
}

// onTime carries out a command, which ends within 100 ms of its bound. On a busy machine more is
// allowed: twice what a process takes there to start and to end, and what a clock is late by.
func onTime(ctx SpecContext, cmd *exec.Cmd, bound time.Duration) *gexec.Session {
	GinkgoHelper()
	timed := func(cmd *exec.Cmd) (*gexec.Session, time.Duration) {
		before := time.Now()
		session := start(cmd)
		Eventually(session).WithContext(ctx).WithTimeout(deadline).WithPolling(time.Millisecond).Should(gexec.Exit())
		return session, time.Since(before)
	}
	_, before := timed(exec.CommandContext(ctx, binary(), "version"))
	lateness := watchClock()
	session, took := timed(cmd)
	late := lateness()
	_, after := timed(exec.CommandContext(ctx, binary(), "version"))
	Expect(took).To(BeNumerically("<", bound+100*time.Millisecond+2*max(before, after, late)))
	return session
}

// watchClock measures by how much a clock is late, at most, until it is asked.
func watchClock() (lateness func() time.Duration) {
	ended, most := make(chan struct{}), make(chan time.Duration)
	go func() {
		var late time.Duration
		for {
			due := time.Now().Add(time.Millisecond)
			select {
			case <-time.After(time.Millisecond):
				late = max(late, time.Since(due))
			case <-ended:
				most <- late
				return
			}
		}
	}()
	return func() time.Duration { close(ended); return <-most }
}

// silent is an engine that takes connections and never says a word.
func silent() (host string) { return stages()[0].serve(func() {}) }

// otherProtocol is an engine that changes the protocol, and then says nothing.
func otherProtocol() (host string) {
	return raw(func(string) string {
		return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n"
	}).host
}

var _ = Describe("a run whose time is up", Serial, func() {
	DescribeTable("ends, whatever it does", func(ctx SpecContext, says string, prepare func(tags *exec.Cmd) *exec.Cmd) {
		session := onTime(ctx, prepare(dkrlsProcess(ctx, "tcp://127.0.0.1:1", "tags", "--timeout=500ms")), bound)
		Expect(session).To(gexec.Exit(1))
		Expect(session.Out.Contents()).To(BeEmpty())
		Expect(string(session.Err.Contents())).To(SatisfyAll(HavePrefix("Error: "), HaveSuffix(says), WithTransform(lines, Equal(1))))
	},
		Entry("waiting for an engine that says nothing", late, func(tags *exec.Cmd) *exec.Cmd {
			tags.Env = append(tags.Env, "DOCKER_HOST="+silent())
			return tags
		}),
		Entry("waiting for an ssh that says nothing", late, func(tags *exec.Cmd) *exec.Cmd {
			tags.Env = append(tags.Env, "DOCKER_HOST=ssh://host")
			return withSSH(tags, "exec sleep 600")
		}),
		Entry("waiting for an ssh that has ended, whose child has not", late, func(tags *exec.Cmd) *exec.Cmd {
			tags.Env = append(tags.Env, "DOCKER_HOST=ssh://host")
			return withSSH(tags, sshLeavesChild()+"exit 255")
		}),
		Entry("waiting for an ssh that does not end by SIGTERM", late, func(tags *exec.Cmd) *exec.Cmd {
			tags.Env = append(tags.Env, "DOCKER_HOST=ssh://host")
			return withSSH(tags, "trap '' TERM; "+sshLeavesChild()+"while :; do wait; done")
		}),
		Entry("writing what nobody reads", "not done "+late, func(tags *exec.Cmd) *exec.Cmd {
			tags.Env = append(tags.Env, "DOCKER_HOST="+listing(imagesJSON(3)))
			return through(tags, ">&3", full())
		}),
		Entry("sorting and printing a huge answer", "not done "+late, func(tags *exec.Cmd) *exec.Cmd {
			// A template of a list that takes seconds, none of which is spent on the wire.
			tags.Env = append(tags.Env, "DOCKER_HOST="+listing(imagesJSON(10_000)))
			tags.Args = append(tags.Args, "--format", "{{printf `%10000s` .ID | len}}"+strings.Repeat("{{json .}}", 200))
			return tags
		}),
	)

	It("ends even if nobody reads its error", func(ctx SpecContext) {
		tags := dkrlsProcess(ctx, silent(), "tags", "--timeout=500ms")
		Expect(onTime(ctx, through(tags, "2>&3", full()), bound)).To(gexec.Exit(1))
	})

	It("ends even if nobody reads its help", func(ctx SpecContext) {
		help := dkrlsProcess(ctx, "", "--timeout=500ms", "tags", "--help")
		Expect(onTime(ctx, through(help, ">&3", full()), bound)).To(gexec.Exit(1))
	})

	DescribeTable("is a completion", func(ctx SpecContext, prepare func(complete *exec.Cmd) *exec.Cmd) {
		session := onTime(ctx, prepare(dkrlsProcess(ctx, "", "__complete", "tags", "--prefix", "")), patience)
		Expect(string(session.Out.Contents()) + string(session.Err.Contents())).To(Equal(":4\n"))
		Expect(session).To(gexec.Exit(0))
	},
		Entry("of an engine that says nothing", func(complete *exec.Cmd) *exec.Cmd {
			complete.Env = append(complete.Env, "DOCKER_HOST="+silent())
			return complete
		}),
		Entry("of an engine that speaks another protocol", func(complete *exec.Cmd) *exec.Cmd {
			complete.Env = append(complete.Env, "DOCKER_HOST="+otherProtocol())
			return complete
		}),
		Entry("over an ssh that has ended, whose child has not", func(complete *exec.Cmd) *exec.Cmd {
			complete.Env = append(complete.Env, "DOCKER_HOST=ssh://host")
			return withSSH(complete, sshLeavesChild()+"exit 255")
		}),
		Entry("of a huge answer", func(complete *exec.Cmd) *exec.Cmd {
			complete.Env = append(complete.Env, "DOCKER_HOST="+listing(imagesJSON(600_000)))
			return complete
		}),
	)

	It("is a completion that nobody reads", func(ctx SpecContext) {
		complete := dkrlsProcess(ctx, "", "__complete", "tags", "--sort", "")
		Expect(onTime(ctx, through(complete, ">&3", full()), patience)).To(gexec.Exit(1))
	})
})

func lines(text string) int { return strings.Count(text, "\n") }

// A stubborn engine does not end with its context.
type stubborn struct{ until chan struct{} }

func (e stubborn) Images(context.Context, lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		<-e.until
		yield(lister.Image{ID: "sha256:7e4d58f0e5f3aa"}, nil)
	}
}

var _ = Describe("work that does not end in time", func() {
	It("is left behind, and writes nothing any more", func(ctx SpecContext) {
		engine := stubborn{make(chan struct{})}
		stdout, stderr := gbytes.NewBuffer(), gbytes.NewBuffer()
		before := gleak.Goroutines()
		Expect(run(ctx, []string{"tags", "--timeout=10ms", "--log-level=DEBUG"}, processOn(engine, stdout, stderr))).To(Equal(1))
		close(engine.until)
		Eventually(ctx, gleak.Goroutines).ShouldNot(gleak.HaveLeaked(before))
		Expect(stdout.Contents()).To(BeEmpty())
		Expect(string(stderr.Contents())).To(Equal("Error: not done within 10ms; try: a longer --timeout\n"))
	})

	It("fails even if some of it has been printed", func(ctx SpecContext) {
		reader, writer := io.Pipe()
		stderr := gbytes.NewBuffer()
		Expect(run(ctx, []string{"tags", "--timeout=10ms"}, processOn(shelf{}, writer, stderr))).To(Equal(1))
		Expect(reader.Close()).To(Succeed())
		Expect(string(stderr.Contents())).To(Equal("Error: writing the output: not done within 10ms; try: a longer --timeout\n"))
	})

	It("does not hold up the line that a person sees meanwhile", func(ctx SpecContext) {
		reader, writer := io.Pipe()
		stderr := gbytes.NewBuffer()
		p := processOn(shelf{}, writer, stderr)
		p.columns = func() int { return usualColumns }
		Expect(run(ctx, []string{"tags", "--timeout=10ms"}, p)).To(Equal(1))
		Expect(reader.Close()).To(Succeed())
		Expect(string(stderr.Contents())).To(HavePrefix("Error: writing the output: "))
	})

	It("is waited for where there is no bound", func(ctx SpecContext) {
		engine := stubborn{make(chan struct{})}
		close(engine.until)
		for _, timeout := range []string{"0", "2562047h47m16.854775807s"} {
			Expect(with(ctx, engine, "tags", "-q", "--timeout="+timeout)).To(Equal(result{0, "7e4d58f0e5f3\n", ""}), timeout)
		}
	})
})

var _ = Describe("an engine over ssh", func() {
	It("is listed at once, even if ssh leaves a child behind", func(ctx SpecContext) {
		answer := `printf 'HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\n[]'`
		session := start(withSSH(dkrlsProcess(ctx, "ssh://me@host", "tags"),
			sshLeavesChild()+`while read -r line; do [ "$line" = "$(printf '\r')" ] && `+answer+`; done`))
		Eventually(session).WithContext(ctx).WithTimeout(deadline).Should(gexec.Exit(0))
		Expect(string(session.Out.Contents())).To(Equal(header))
	})
})

// unreadable are things that cannot be read like a file: how each is made.
func unreadable() map[string]func(path string) error {
	return map[string]func(string) error{
		"a FIFO":      func(path string) error { return unix.Mkfifo(path, 0o600) },
		"a device":    func(path string) error { return os.Symlink("/dev/zero", path) },
		"a huge file": func(path string) error { return hugeFile(path) },
	}
}

// hugeFile makes a file of a terabyte, none of which takes place on the disk.
func hugeFile(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	return file.Truncate(1 << 40)
}

var _ = Describe("a file that cannot be read at once", func() {
	for kind, create := range unreadable() {
		// settle is where a spec's files are, with one thing in the place of a file.
		settle := func(path ...string) (dir string) {
			GinkgoHelper()
			dir = GinkgoT().TempDir()
			file := filepath.Join(append([]string{dir}, path...)...)
			Expect(os.MkdirAll(filepath.Dir(file), 0o700)).To(Succeed())
			Expect(create(file)).To(Succeed())
			return dir
		}
		// fails is a run that is over long before its bound, and tells of the file.
		fails := func(ctx SpecContext, name string, env []string, args ...string) {
			GinkgoHelper()
			cmd := dkrlsProcess(ctx, "", append([]string{"tags", "--timeout=20s"}, args...)...)
			cmd.Env = append(cmd.Env, env...)
			session := onTime(ctx, cmd, 0)
			Expect(session).To(gexec.Exit(1))
			Expect(session.Out.Contents()).To(BeEmpty())
			Expect(string(session.Err.Contents())).To(SatisfyAll(
				HavePrefix("Error: "), ContainSubstring(name), MatchRegexp("is not a regular file|is longer than 10 MiB"), WithTransform(lines, Equal(1))))
		}

		It("is told: "+kind+" for the config file", func(ctx SpecContext) {
			fails(ctx, "config.json", []string{"DOCKER_CONFIG=" + settle("config.json")})
		})
		It("is told: "+kind+" for the file of a context", func(ctx SpecContext) {
			dir := settle("contexts", "meta", digest.FromString("prod").Encoded(), "meta.json")
			fails(ctx, "meta.json", []string{"DOCKER_CONFIG=" + dir}, "--context=prod")
		})
		for _, name := range []string{"ca.pem", "cert.pem", "key.pem"} {
			It("is told: "+kind+" for "+name, func(ctx SpecContext) {
				dir := settle(name)
				if name != "ca.pem" {
					Expect(os.WriteFile(filepath.Join(dir, "ca.pem"), nil, 0o600)).To(Succeed())
				}
				fails(ctx, name, []string{"DOCKER_CERT_PATH=" + dir, "DOCKER_TLS_VERIFY=1", "DOCKER_HOST=tcp://127.0.0.1:1"})
			})
			It("is told: "+kind+" for "+name+" of a context", func(ctx SpecContext) {
				id := digest.FromString("prod").Encoded()
				dir := settle("contexts", "tls", id, "docker", name)
				meta := filepath.Join(dir, "contexts", "meta", id)
				Expect(os.MkdirAll(meta, 0o700)).To(Succeed())
				Expect(os.WriteFile(filepath.Join(meta, "meta.json"),
					[]byte(`{"Name":"prod","Endpoints":{"docker":{"Host":"tcp://127.0.0.1:1"}}}`), 0o600)).To(Succeed())
				fails(ctx, name, []string{"DOCKER_CONFIG=" + dir}, "--context=prod")
			})
		}
	}
})
