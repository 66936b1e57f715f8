package engine_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// A brokenPipe is a connection through a command that no longer reads. Readers are told how it
// ended, once it has ended.
type brokenPipe struct {
	net.Conn
	wrote chan struct{} // closed by the first Write
	said  error
}

func (c brokenPipe) Write([]byte) (int, error) {
	close(c.wrote)
	return 0, syscall.EPIPE
}

func (c brokenPipe) Read([]byte) (int, error) {
	<-c.wrote
	return 0, c.said
}

func (brokenPipe) Close() error { return nil }

var errDenied = errors.New("permission denied")

var _ = Describe("connections over ssh", func() {
	var docker *engine.Docker
	BeforeEach(func() { docker = engine.Setup("", env(nil), testLog()) })
	at := func(host string) engine.Endpoint {
		GinkgoHelper()
		ep, err := docker.Locate(engine.Options{Host: host})
		Expect(err).NotTo(HaveOccurred())
		return ep
	}
	open := func() (net.Conn, error) { return brokenPipe{}, nil }

	It("to one host are six at once", func(ctx SpecContext) {
		host, conns := at("ssh://host"), []net.Conn{}
		for range 6 {
			conn, err := engine.DialInTurn(ctx, host, open)
			Expect(err).NotTo(HaveOccurred())
			conns = append(conns, conn)
		}
		over, cancel := context.WithCancel(ctx)
		seventh := make(chan error)
		go func() {
			_, err := engine.DialInTurn(over, at("ssh://me@host/run/docker.sock"), open)
			seventh <- err
		}()
		Consistently(ctx, seventh, "50ms").ShouldNot(Receive())
		cancel()
		Eventually(ctx, seventh).Should(Receive(MatchError(context.Canceled)))
		for range 2 { // as net/http does
			Expect(conns[0].Close()).To(Succeed())
		}
		_, err := engine.DialInTurn(ctx, host, open)
		Expect(err).NotTo(HaveOccurred())
		Expect(engine.TurnsOf(host)).To(HaveLen(6))
	})

	It("that fail are over", func(ctx SpecContext) {
		_, err := engine.DialInTurn(ctx, at("ssh://host"), func() (net.Conn, error) { return nil, errDenied })
		Expect(err).To(MatchError(errDenied))
		Expect(engine.TurnsOf(at("ssh://host"))).To(BeEmpty())
	})

	It("to other hosts are apart, and those without ssh have no limit", func() {
		Expect(engine.TurnsOf(at("ssh://host"))).NotTo(BeIdenticalTo(engine.TurnsOf(at("ssh://host:2222"))))
		Expect(engine.TurnsOf(at("tcp://host:2375"))).To(BeNil())
	})
})

var _ = Describe("a connection through a command that has ended", func() {
	DescribeTable("tells whoever writes", func(ctx SpecContext, reading, expected error) {
		conn := engine.WithReason(brokenPipe{wrote: make(chan struct{}), said: reading})
		read := make(chan error)
		go func() {
			_, err := conn.Read(make([]byte, 1))
			read <- err
		}()
		_, err := conn.Write([]byte("GET"))
		Expect(err).To(Equal(expected))
		Eventually(ctx, read).Should(Receive(Equal(reading)))
	},
		Entry("what readers are told", errDenied, errDenied),
		Entry("of the broken pipe, where the command said nothing", io.EOF, syscall.EPIPE),
	)

	It("does not wait for it after the connection is closed", func() {
		conn := engine.WithReason(brokenPipe{wrote: make(chan struct{}), said: io.EOF})
		Expect(conn.Close()).To(Succeed())
		Expect(conn.Close()).To(Succeed(), "again, as net/http does")
		_, err := conn.Write([]byte("GET"))
		Expect(err).To(Equal(syscall.EPIPE))
	})

	It("ends a reading when it is closed, though the command has not ended", func(ctx SpecContext) {
		hung := make(chan struct{}) // nothing is ever written
		DeferCleanup(func() { close(hung) })
		conn := engine.WithReason(brokenPipe{wrote: hung, said: io.EOF})
		read := make(chan error)
		go func() {
			_, err := conn.Read(make([]byte, 1))
			read <- err
		}()
		Expect(conn.Close()).To(Succeed())
		Eventually(ctx, read).WithTimeout(10 * time.Second).Should(Receive(MatchError(io.ErrClosedPipe)))
	})

	It("is one of our own where the address is ssh's", func() {
		Expect(engine.HasOwnDialer(at("ssh://me@host"))).To(BeTrue())
		Expect(engine.HasOwnDialer(at("tcp://host:2375"))).To(BeFalse())
	})

	It("of ssh is told in ssh's words", func(ctx SpecContext) {
		needsUnix("/bin/sh, which stands in for ssh here")
		dir := GinkgoT().TempDir()
		// It takes no input, so that the request comes too late or to nobody.
		script := "#!/bin/sh\nexec <&-\necho 'me@host: Permission denied (publickey).' >&2\nexit 255\n"
		Expect(os.WriteFile(filepath.Join(dir, "ssh"), []byte(script), 0o700)).To(Succeed())
		GinkgoT().Setenv("PATH", dir)
		_, err := images(ctx, "ssh://me@host")
		Expect(err).To(MatchError("the engine at ssh://host (chosen by --host): " +
			"ssh: host: Permission denied (publickey); try: ssh me@host docker version"))
	})
})
