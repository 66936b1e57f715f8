package engine

import (
	"context"
	"io"
	"net"
	"sync"

	"github.com/docker/cli/cli/connhelper"
	"github.com/docker/docker/client"
)

// sshOptions replace docker's own dialer of an ssh:// address; at other addresses there are none.
func (ep Endpoint) sshOptions() []client.Opt {
	helper, err := connhelper.GetConnectionHelper(ep.Host)
	if err != nil || helper == nil {
		return nil
	}
	return []client.Opt{client.WithDialContext(func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := helper.Dialer(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return withReason(conn), nil
	})}
}

// A commandConn is a connection through a command, such as ssh. Docker's own gives readers what
// the command said when it ended, but gives writers only a broken pipe. Which of the two finds out
// first is a matter of chance, so here both get the same error. Docker's own also has a reader wait up
// to ten seconds for a command that has closed its stdout, and nothing ends that; here closing does.
type commandConn struct {
	net.Conn
	output *io.PipeReader
	ended  chan struct{} // closed when reason is set
	reason error         // what the command's output ended with
	close  sync.Once
	closed chan struct{}
}

func withReason(conn net.Conn) net.Conn {
	output, input := io.Pipe()
	c := &commandConn{Conn: conn, output: output, ended: make(chan struct{}), closed: make(chan struct{})}
	go func() {
		_, err := io.Copy(input, conn)
		c.reason = err
		close(c.ended)
		_ = input.CloseWithError(err) // nil is io.EOF
	}()
	return c
}

func (c *commandConn) Read(p []byte) (int, error) { return c.output.Read(p) }

// Write waits, where it fails, for the end of the command. net/http closes the connection when the
// request's time is up.
func (c *commandConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if err == nil {
		return n, nil
	}
	select {
	case <-c.ended:
		if c.reason != nil {
			err = c.reason
		}
	case <-c.closed:
	}
	return n, err
}

// Close does not wait for the command's end, as docker's own does: that lasts until all that it has
// started lets go of its stderr, which a shared connection (ControlPersist) may do hours later.
func (c *commandConn) Close() error {
	c.close.Do(func() {
		close(c.closed)
		_ = c.output.Close()
		go func() { _ = c.Conn.Close() }()
	})
	return nil
}
