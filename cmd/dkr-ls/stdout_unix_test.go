//go:build unix

package main

import (
	"bytes"
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

// A slowReader reads a process's stream when a spec wants it to.
type slowReader struct{ *os.File }

// slowly starts cmd with a stream, or several, that a slowReader reads: ">&3" is stdout.
func slowly(cmd *exec.Cmd, redirection string) (*gexec.Session, slowReader) {
	GinkgoHelper()
	reader, writer, err := os.Pipe()
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(func() { _ = reader.Close() })
	session := start(through(cmd, redirection, writer))
	Expect(writer.Close()).To(Succeed())
	return session, slowReader{reader}
}

// waiting is how many bytes wait to be read.
func (r slowReader) waiting() (int, error) {
	return unix.IoctlGetInt(int(r.Fd()), bytesInPipe)
}

// waitUntilFull waits until the pipe holds about as much as it can.
func (r slowReader) waitUntilFull() {
	GinkgoHelper()
	Eventually(r.waiting).Should(BeNumerically(">", 60_000))
}

// rest is all that is written.
func (r slowReader) rest() string {
	GinkgoHelper()
	Expect(unix.SetNonblock(int(r.Fd()), false)).To(Succeed())
	text := make(chan []byte, 1)
	go func() {
		all, _ := io.ReadAll(r)
		text <- all
	}()
	var all []byte
	Eventually(text).Should(Receive(&all))
	return string(all)
}

// longLines is a template of lines longer than a pipe takes at once.
const longLines = `{{printf "%9999s" .Tag}}`

var _ = Describe("what is printed", func() {
	const rows = 8000
	var host string
	BeforeEach(func() { host = listing(imagesJSON(rows)) })

	It("takes as long as its reader, whatever --timeout says", func(ctx SpecContext) {
		session, reader := slowly(dkrlsProcess(ctx, host, "tags", "--timeout=3s"), ">&3")
		reader.waitUntilFull()
		Consistently(session, 3500*time.Millisecond).ShouldNot(gexec.Exit())
		Expect(lines(reader.rest())).To(Equal(1 + rows))
		Eventually(session).Should(gexec.Exit(0))
		Expect(session.Err.Contents()).To(BeEmpty())
	})

	DescribeTable("is whole lines after a signal", func(ctx SpecContext, sig syscall.Signal) {
		whole := ended(ctx, host, "tags").stdout
		session, reader := slowly(dkrlsProcess(ctx, host, "tags"), ">&3")
		reader.waitUntilFull()
		session.Signal(sig)
		Eventually(session).Should(gexec.Exit(128 + int(sig)))
		got := reader.rest()
		Expect(strings.HasPrefix(whole, got)).To(BeTrue())
		Expect(got).To(HaveSuffix("\n"))
		Expect(session.Err.Contents()).To(BeEmpty())
	},
		Entry(nil, syscall.SIGINT), Entry(nil, syscall.SIGTERM), Entry(nil, syscall.SIGHUP),
	)

	It("is whole lines after a signal, even of lines that no pipe takes at once: it waits for one's reader", func(ctx SpecContext) {
		session, reader := slowly(dkrlsProcess(ctx, host, "tags", "--format", longLines), ">&3")
		reader.waitUntilFull()
		session.Signal(syscall.SIGTERM)
		got := reader.rest()
		Eventually(session).Should(gexec.Exit(143))
		Expect(lines(got)).To(BeNumerically("<", rows))
		Expect(got).To(HaveLen(10_000 * lines(got)))
	})

	It("may be cut by a second signal, which waits for nobody", func(ctx SpecContext) {
		session, reader := slowly(dkrlsProcess(ctx, host, "tags", "--format", longLines), ">&3")
		reader.waitUntilFull()
		Eventually(func() *gexec.Session { return session.Signal(syscall.SIGTERM) }).Should(gexec.Exit(143))
	})

	// A limit for files is as good as a disk that gets full.
	DescribeTable("is whole lines on a disk that gets full", func(ctx SpecContext, redirection string) {
		whole := ended(ctx, host, "tags").stdout
		path := filepath.Join(GinkgoT().TempDir(), "list")
		cmd := dkrlsProcess(ctx, host)
		cmd.Path, cmd.Args = "/bin/sh", []string{"sh", "-c", `ulimit -f 9; { "$DKR_LS" tags; echo "status $?"; } ` + redirection + ` "$LIST"`}
		cmd.Env = append(cmd.Env, "DKR_LS="+binary(), "LIST="+path)
		session := exited(cmd)
		Expect(string(session.Err.Contents())).To(Equal("Error: writing the output: write /dev/stdout: file too large; try: another place for it\n"))
		list, err := os.ReadFile(path)
		Expect(err).NotTo(HaveOccurred())
		list, found := bytes.CutSuffix(list, []byte("status 1\n"))
		Expect(found).To(BeTrue())
		Expect(lines(string(list))).To(BeNumerically(">", 10))
		Expect(string(list)).To(HaveSuffix("\n"))
		Expect(strings.HasPrefix(whole, string(list))).To(BeTrue())
	},
		Entry("that it has to itself", ">"), Entry("behind something else", ">>"),
	)

	It("comes before the last words, where both have the same reader", func(ctx SpecContext) {
		cmd := dkrlsProcess(ctx, "", "tags", "--context=prod", "--context=nope")
		cmd.Env = append(cmd.Env, "DOCKER_CONFIG="+dockerFolder(host))
		session, reader := slowly(cmd, ">&3 2>&3")
		reader.waitUntilFull()
		Consistently(session, 1500*time.Millisecond).ShouldNot(gexec.Exit())
		got := reader.rest()
		Expect(got).To(HaveSuffix("\nError: context nope (--context): there is no such context; try: docker context ls\n"))
		Expect(lines(got)).To(Equal(2 + rows))
		Eventually(session).Should(gexec.Exit(1))
	})
})
