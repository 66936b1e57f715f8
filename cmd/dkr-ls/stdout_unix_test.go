//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	"github.com/onsi/gomega/gexec"
	"golang.org/x/sys/unix"
)

// A slowReader is the end of a pipe that is read when a spec wants it.
type slowReader struct{ file, writer *os.File }

func newPipe() slowReader {
	GinkgoHelper()
	reader, writer, err := os.Pipe()
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { _ = reader.Close(); _ = writer.Close() })
	return slowReader{reader, writer}
}

// fullPipe is a pipe that takes no more.
func fullPipe() slowReader {
	GinkgoHelper()
	pipe := newPipe()
	fd := int(pipe.writer.Fd()) // which makes it blocking
	Expect(unix.SetNonblock(fd, true)).To(Succeed())
	var err error
	for err == nil {
		_, err = unix.Write(fd, make([]byte, 4096))
	}
	Expect(err).To(MatchError(unix.EAGAIN))
	Expect(unix.SetNonblock(fd, false)).To(Succeed())
	return pipe
}

// slowly starts a line of a shell, whose descriptor 3 is read when the spec wants it: gexec would read it.
func (r slowReader) slowly(cmd *exec.Cmd) *gexec.Session {
	GinkgoHelper()
	cmd.ExtraFiles = []*os.File{r.writer}
	return start(cmd)
}

// fill waits until the pipe is full, so that the run waits for its reader.
func (r slowReader) fill() {
	GinkgoHelper()
	Eventually(func() (int, error) {
		return unix.Poll([]unix.PollFd{{Fd: int32(r.writer.Fd()), Events: unix.POLLOUT}}, 0)
	}).Should(BeZero())
}

// rest is all that is written.
func (r slowReader) rest() string {
	GinkgoHelper()
	Expect(r.writer.Close()).To(Succeed())
	Expect(r.file.SetReadDeadline(time.Now().Add(deadline))).To(Succeed())
	text, err := io.ReadAll(r.file)
	Expect(err).NotTo(HaveOccurred())
	return string(text)
}

func lines(text string) int { return strings.Count(text, "\n") }

var _ = Describe("output", func() {
	const rows = 2000 // more than a pipe holds
	// A row of this is longer than a pipe takes at once.
	const wide = `exec dkr-ls tags --format '{{printf "%9999s" .Tag}}' >&3`
	var host string
	BeforeEach(func() {
		var images strings.Builder
		for i := range rows { // in an order that is far from ours
			fmt.Fprintf(&images, `,{"Created":%d,"Id":"sha256:%064x","RepoTags":["app-%d:1"],"Size":1}`, 1_600_000_000+i*7919%1_000_000, i, i)
		}
		host = listing("[" + images.String()[1:] + "]")
	})

	It("takes as long as its reader, whatever --timeout says", func(ctx SpecContext) {
		pipe := newPipe()
		session := pipe.slowly(inShell(ctx, host, "exec dkr-ls tags --timeout=2s >&3"))
		pipe.fill()
		Consistently(session, 2200*time.Millisecond).ShouldNot(gexec.Exit())
		Expect(lines(pipe.rest())).To(Equal(1 + rows))
		Eventually(session).Should(gexec.Exit(0))
		Expect(session.Err.Contents()).To(BeEmpty())
	})

	DescribeTable("has whole lines after a signal", func(ctx SpecContext, sig syscall.Signal) {
		whole := ended(dkrlsCmd(ctx, host, "tags")).stdout
		pipe := newPipe()
		session := pipe.slowly(inShell(ctx, host, "exec dkr-ls tags >&3"))
		pipe.fill()
		session.Signal(sig)
		Eventually(session).Should(gexec.Exit(128 + int(sig)))
		got := pipe.rest()
		Expect(whole).To(HavePrefix(got))
		Expect(got).To(HaveSuffix("\n"))
		Expect(session.Err.Contents()).To(BeEmpty())
	},
		Entry(nil, syscall.SIGINT), Entry(nil, syscall.SIGTERM), Entry(nil, syscall.SIGHUP),
	)

	It("has whole lines after a signal even if no pipe takes one at once: the run waits for its reader", func(ctx SpecContext) {
		pipe := newPipe()
		session := pipe.slowly(inShell(ctx, host, wide))
		pipe.fill()
		session.Signal(syscall.SIGTERM)
		Consistently(session, 100*time.Millisecond).ShouldNot(gexec.Exit())
		got := pipe.rest()
		Eventually(session).Should(gexec.Exit(143))
		Expect(lines(got)).To(BeNumerically("<", rows))
		Expect(got).To(HaveLen(10_000 * lines(got)))
	})

	It("may be cut by a second signal, which ends the run at once", func(ctx SpecContext) {
		pipe := newPipe()
		session := pipe.slowly(inShell(ctx, host, wide))
		pipe.fill()
		Eventually(func() *gexec.Session { return session.Signal(syscall.SIGTERM) }).Should(gexec.Exit(143))
	})

	// A limit for files is as good as a full disk.
	DescribeTable("has whole lines on a disk that gets full", func(ctx SpecContext, redirection string) {
		whole := ended(dkrlsCmd(ctx, host, "tags")).stdout
		path := filepath.Join(GinkgoT().TempDir(), "list")
		got := ended(inShell(ctx, host, `ulimit -f 9; { dkr-ls tags; echo "status $?"; } `+redirection+path))
		Expect(got.stderr).To(Equal("Error: writing the output: write /dev/stdout: file too large; try: another place for it\n"))
		list, err := os.ReadFile(path)
		Expect(err).NotTo(HaveOccurred())
		list, found := bytes.CutSuffix(list, []byte("status 1\n"))
		Expect(found).To(BeTrue())
		Expect(lines(string(list))).To(BeNumerically(">", 10))
		Expect(string(list)).To(HaveSuffix("\n"))
		Expect(whole).To(HavePrefix(string(list)))
	},
		Entry("from the start of a file", ">"), Entry("at the end of a file", ">>"),
	)

	It("has a reader that errors wait for, if it reads them as well", func(ctx SpecContext) {
		pipe := fullPipe()
		session := pipe.slowly(inShell(ctx, "", "exec dkr-ls tags --context=nope >&3 2>&3"))
		Consistently(session, 1100*time.Millisecond).ShouldNot(gexec.Exit()) // longer than stderr alone waits
		Expect(pipe.rest()).To(HaveSuffix("\x00Error: context nope (--context): there is no such context; try: docker context ls\n"))
		Eventually(session).Should(gexec.Exit(1))
	})

	DescribeTable("into", func(ctx SpecContext, line string, want result) {
		if strings.Contains(line, "/dev/full") {
			if _, err := os.Stat("/dev/full"); err != nil {
				skipAloud("this system has no /dev/full")
			}
		}
		Expect(ended(inShell(ctx, host, line))).To(Equal(want))
	},
		Entry("a pipe that is closed ends in silence", "dkr-ls tags | head -1", result{0, header, ""}),
		Entry("a full device is an error", "dkr-ls tags >/dev/full",
			result{1, "", "Error: writing the output: write /dev/stdout: no space left on device; try: another place for it\n"}),
		Entry("/dev/null succeeds", "dkr-ls tags >/dev/null", result{0, "", ""}),
		Entry("/dev/null succeeds as Python and Node.js open it", "dkr-ls tags 1<>/dev/null", result{0, "", ""}),
		Entry("/dev/null succeeds as daemons open it", "dkr-ls tags 0<>/dev/null 1<>/dev/null 2<>/dev/null", result{0, "", ""}),
	)

	It("is printed even if the log cannot be written, which is an error", func(ctx SpecContext) {
		path := filepath.Join(GinkgoT().TempDir(), "log")
		// On a full disk, pipes go on to work.
		Expect(ended(inShell(ctx, listing("[]"), "ulimit -f 0; dkr-ls repos --log-file "+path))).To(Equal(
			result{1, "REPOSITORY\n", "Error: writing the log file: write " + path + ": file too large; try: another place for it\n"}))
	})

	It("is the same in any locale and time zone", func(ctx SpecContext) {
		const list = "dkr-ls tags --maxTags=1 --prefix=app-1; dkr-ls tags --format '{{.CreatedAt}}' --prefix=app-11; dkr-ls tags --format=json --prefix=app-12"
		plain := ended(inShell(ctx, host, list))
		Expect(plain.status).To(BeZero())
		for _, setting := range []string{"LC_ALL=de_DE.UTF-8", "TZ=Pacific/Kiritimati", "NO_COLOR=1", "TERM=dumb", "COLUMNS=20"} {
			Expect(ended(withEnv(inShell(ctx, host, list), setting))).To(Equal(plain), setting)
		}
	})
})
