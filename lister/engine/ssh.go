package engine

import (
	"context"
	"io"
	"net"
	"sync"

	"github.com/docker/cli/cli/connhelper"
	"github.com/docker/docker/client"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// sshOptions replace docker's own dialer of an ssh:// address; at other addresses there are none.
func sshOptions(ep endpoint.Endpoint) []client.Opt {
	helper, err := connhelper.GetConnectionHelper(ep.Host)
	if err != nil || helper == nil {
		return nil
	}
	return []client.Opt{client.WithDialContext(func(ctx context.Context, network, address string) (net.Conn, error) {
		return dialInTurn(ctx, ep.Turns, func() (net.Conn, error) { return helper.Dialer(ctx, network, address) })
	})}
}

// dialInTurn connects as soon as turns has room. The turn ends when the connection is closed.
func dialInTurn(ctx context.Context, turns chan struct{}, connect func() (net.Conn, error)) (net.Conn, error) {
	select {
	case turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	conn, err := connect()
	if err != nil {
		<-turns
		return nil, err
	}
	return withReason(conn, func() { <-turns }), nil
}

// A commandConn is a connection through a command, such as ssh. Docker's own gives readers what the
// command said when it ended, but gives writers only a broken pipe. Which of the two finds out first is a
// matter of chance, so here both get the same error. A reader of docker's own also waits up to ten seconds
// for a command that has closed its stdout; here closing the connection ends that.
type commandConn struct {
	net.Conn
	output *io.PipeReader
	ended  chan struct{} // closed when reason is set
	reason error         // what the command's output ended with
	close  sync.Once
	closed chan struct{}
	leave  func() // called when it is closed
}

func withReason(conn net.Conn, leave func()) net.Conn {
	output, input := io.Pipe()
	c := &commandConn{Conn: conn, output: output, ended: make(chan struct{}), closed: make(chan struct{}), leave: leave}
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
// started closes its stderr, which a shared connection (ControlPersist) may do hours later.
func (c *commandConn) Close() error {
	c.close.Do(func() {
		close(c.closed)
		_ = c.output.Close()
		c.leave()
		go func() { _ = c.Conn.Close() }()
	})
	return nil
}
