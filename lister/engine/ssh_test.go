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

// A brokenPipe is a connection through a command that no longer reads. Readers get how it
// ended, once it has ended.
type brokenPipe struct {
	net.Conn
	ended chan struct{} // closed when it has ended, at the latest by the first Write
	said  error
}

func (c brokenPipe) Write([]byte) (int, error) {
	close(c.ended)
	return 0, syscall.EPIPE
}

func (c brokenPipe) Read([]byte) (int, error) {
	<-c.ended
	return 0, c.said
}

func (brokenPipe) Close() error { return nil }

var errDenied = errors.New("permission denied")

var _ = Describe("connections over ssh", func() {
	open := func() (net.Conn, error) { // which ends at once, so that nothing goes on reading
		ended := make(chan struct{})
		close(ended)
		return brokenPipe{ended: ended, said: io.EOF}, nil
	}

	It("wait for their turn, which ends when one is closed", func(ctx SpecContext) {
		turns := make(chan struct{}, 1)
		first, err := engine.DialInTurn(ctx, turns, open)
		Expect(err).NotTo(HaveOccurred())
		over, cancel := context.WithCancel(ctx)
		second := make(chan error)
		go func() {
			_, err := engine.DialInTurn(over, turns, open)
			second <- err
		}()
		Consistently(ctx, second, "50ms").ShouldNot(Receive())
		cancel()
		Eventually(ctx, second).Should(Receive(MatchError(context.Canceled)))
		for range 2 { // as net/http does
			Expect(first.Close()).To(Succeed())
		}
		third, err := engine.DialInTurn(ctx, turns, open)
		Expect(err).NotTo(HaveOccurred())
		Expect(turns).To(HaveLen(1))
		Expect(third.Close()).To(Succeed())
	})

	It("that fail are over", func(ctx SpecContext) {
		turns := make(chan struct{}, 1)
		_, err := engine.DialInTurn(ctx, turns, func() (net.Conn, error) { return nil, errDenied })
		Expect(err).To(MatchError(errDenied))
		Expect(turns).To(BeEmpty())
	})

	It("leave it to readers to say why the command has ended", func() {
		conn := engine.NewCommandConn(brokenPipe{ended: make(chan struct{}), said: errDenied}, func() {})
		Expect(conn.Write([]byte("GET"))).To(Equal(3))
		_, err := conn.Read(make([]byte, 1))
		Expect(err).To(MatchError(errDenied))
	})

	It("end a reading when they are closed, though the command has not ended", func(ctx SpecContext) {
		hung := make(chan struct{}) // nothing is ever written
		DeferCleanup(func() { close(hung) })
		conn := engine.NewCommandConn(brokenPipe{ended: hung, said: io.EOF}, func() {})
		read := make(chan error)
		go func() {
			_, err := conn.Read(make([]byte, 1))
			read <- err
		}()
		Expect(conn.Close()).To(Succeed())
		Eventually(ctx, read).WithTimeout(10 * time.Second).Should(Receive(MatchError(io.ErrClosedPipe)))
	})

	const denied = "echo 'me@host: Permission denied (publickey).' >&2"

	DescribeTable("fail in ssh's own words, with the command that shows the fault", func(ctx SpecContext, said, address, message string) {
		needsUnix("/bin/sh, which stands in for ssh here")
		dir := GinkgoT().TempDir()
		// It takes no input, so that the request comes too late or to nobody.
		script := "#!/bin/sh\nexec <&-\n" + said + "\nexit 255\n"
		Expect(os.WriteFile(filepath.Join(dir, "ssh"), []byte(script), 0o700)).To(Succeed())
		GinkgoT().Setenv("PATH", dir)
		_, err := images(ctx, address)
		Expect(err).To(MatchError("the engine at ssh://" + message))
	},
		Entry(nil, denied, "ssh://me@host", "host (chosen by --host): ssh: host: Permission denied (publickey); try: ssh me@host docker version"),
		Entry(nil, denied, "ssh://me@host:2222/run/docker.sock", "host:2222/run/docker.sock (chosen by --host): ssh: host: Permission denied (publickey); "+
			"try: ssh -p 2222 me@host docker -H unix:///run/docker.sock version"),
		Entry(nil, denied, "ssh://host:2222", "host:2222 (chosen by --host): ssh: me@host: Permission denied (publickey); try: ssh -p 2222 host docker version"),
		Entry(nil, denied, "ssh://m;e@host", "host (chosen by --host): ssh: me@host: Permission denied (publickey); try: ssh to that host, and docker version there"),
		Entry(nil, denied, "ssh://host/x;y", "host/x;y (chosen by --host): ssh: me@host: Permission denied (publickey); try: ssh to that host, and docker version there"),
		Entry("which it may not have", "", "ssh://me@host", "host (chosen by --host): ssh failed without a message: exit status 255; try: ssh me@host docker version"),
	)
})
