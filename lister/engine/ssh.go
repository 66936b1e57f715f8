package engine

import (
	"context"
	"errors"
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
// first is a matter of chance, so here both get the same error.
type commandConn struct {
	net.Conn
	end    sync.Once
	ended  chan struct{} // closed when reason is set
	reason error         // what the first reading that failed was told
	close  sync.Once
	closed chan struct{}
}

func withReason(conn net.Conn) net.Conn {
	return &commandConn{Conn: conn, ended: make(chan struct{}), closed: make(chan struct{})}
}

func (c *commandConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err != nil {
		c.end.Do(func() { c.reason = err; close(c.ended) })
	}
	return n, err
}

// Write waits, where it fails, for what a reading is told. net/http always has one under way, and
// closes the connection when the request's time is up.
func (c *commandConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if err == nil {
		return n, nil
	}
	select {
	case <-c.ended:
		if !errors.Is(c.reason, io.EOF) {
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
		go func() { _ = c.Conn.Close() }()
	})
	return nil
}
