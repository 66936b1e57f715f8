//go:build unix

package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
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

// full is the ends of a pipe that takes no more.
func full() (slowReader, *os.File) {
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
	return slowReader{reader}, writer
}

// through is cmd, started by a shell that redirects a stream to file: gexec reads what it is given.
func through(cmd *exec.Cmd, redirection string, file *os.File) *exec.Cmd {
	cmd.ExtraFiles = []*os.File{file} // number 3
	cmd.Args = append([]string{"sh", "-c", `exec "$0" "$@" ` + redirection, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	return cmd
}

// silent is an engine that takes connections and never says a word.
func silent() (host string) { return stages()[0].serve(func() {}) }

// otherProtocol is an engine that changes the protocol, and then says nothing.
func otherProtocol() (host string) {
	return raw(func(string) string {
		return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n"
	}).host
}

func noSSH() string { return "exit 1" }

var _ = Describe("a run whose time is up", func() {
	DescribeTable("ends, whatever it waits for", func(ctx SpecContext, host string, ssh func() string) {
		cmd := dkrlsProcess(ctx, cmp.Or(host, silent()), "tags", "--timeout=200ms")
		session := exited(withSSH(cmd, ssh()))
		Expect(session).To(gexec.Exit(1))
		Expect(session.Out.Contents()).To(BeEmpty())
		Expect(string(session.Err.Contents())).To(SatisfyAll(
			HavePrefix("Error: "), HaveSuffix("no answer within 200ms; try: a longer --timeout\n"), WithTransform(lines, Equal(1))))
	},
		Entry("an engine that says nothing", "", noSSH),
		Entry("an ssh that says nothing", "ssh://host", func() string { return "exec sleep 600" }),
		Entry("an ssh that has ended, whose child has not", "ssh://host", func() string { return sshLeavesChild() + "exit 255" }),
		Entry("an ssh that has ended within its answer, whose child has not", "ssh://host", func() string {
			return sshLeavesChild() + `read -r request; printf 'HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\n['`
		}),
		Entry("an ssh that does not end by SIGTERM", "ssh://host", func() string { return "trap '' TERM; " + sshLeavesChild() + "while :; do wait; done" }),
	)

	It("says so, even if that is read late", func(ctx SpecContext) {
		reader, writer := full()
		session := start(through(dkrlsProcess(ctx, silent(), "tags", "--timeout=50ms"), "2>&3", writer))
		Expect(writer.Close()).To(Succeed())
		Consistently(session, 300*time.Millisecond).ShouldNot(gexec.Exit())
		Expect(reader.rest()).To(MatchRegexp(`\x00Error: .*: no answer within 50ms; try: a longer --timeout\n\z`))
		Eventually(session).Should(gexec.Exit(1))
	})

	It("ends even if nobody reads its error", func(ctx SpecContext) {
		_, writer := full()
		Expect(exited(through(dkrlsProcess(ctx, silent(), "tags", "--timeout=50ms"), "2>&3", writer))).To(gexec.Exit(1))
	})

	DescribeTable("is a completion", func(ctx SpecContext, host func() string, ssh func() string) {
		session := exited(withSSH(dkrlsProcess(ctx, host(), "__complete", "tags", "--timeout=200ms", "--prefix", ""), ssh()))
		Expect(string(session.Out.Contents()) + string(session.Err.Contents())).To(Equal(":4\n"))
		Expect(session).To(gexec.Exit(0))
	},
		Entry("of an engine that says nothing", silent, noSSH),
		Entry("of an engine that speaks another protocol", otherProtocol, noSSH),
		Entry("over an ssh that has ended, whose child has not", func() string { return "ssh://host" }, func() string { return sshLeavesChild() + "exit 255" }),
	)

	It("is a completion after a second, where --timeout is longer", func(ctx SpecContext) {
		Expect(exited(dkrlsProcess(ctx, silent(), "__complete", "tags", "--prefix", ""))).To(gexec.Exit(0))
	})
})

func lines(text string) int { return strings.Count(text, "\n") }

var _ = Describe("an engine over ssh", func() {
	It("is listed at once, even if ssh leaves a child behind", func(ctx SpecContext) {
		answer := `printf 'HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\n[]'`
		session := exited(withSSH(dkrlsProcess(ctx, "ssh://me@host", "tags"),
			sshLeavesChild()+`while read -r line; do [ "$line" = "$(printf '\r')" ] && `+answer+`; done`))
		Expect(session).To(gexec.Exit(0))
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
			session := exited(cmd)
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
