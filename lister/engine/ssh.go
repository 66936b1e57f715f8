package engine

import (
	"cmp"
	"context"
	"io"
	"net"
	"net/url"
	"sync"

	"github.com/docker/cli/cli/connhelper"
	"github.com/docker/docker/client"
)

// turns are those of the connections to one host over ssh, which are at most perSSHHost at once. An sshd
// with its defaults (MaxStartups 10:30:100) refuses some of the connections that come while ten others are
// still signing in.
type turns chan struct{}

const perSSHHost = 6

// turnsOf are those of the host of an address, whatever its user or path; nil where ssh does not lead there.
func (d *Docker) turnsOf(address string) turns {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "ssh" {
		return nil
	}
	of, _ := d.turns.LoadOrStore(u.Host, make(turns, perSSHHost))
	return of.(turns)
}

// dial connects once it is its turn. The turn ends when the connection is closed.
func (t turns) dial(ctx context.Context, connect func() (net.Conn, error)) (net.Conn, error) {
	select {
	case t <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	conn, err := connect()
	if err != nil {
		<-t
		return nil, err
	}
	return withReason(conn, func() { <-t }), nil
}

// sshOptions replace docker's own dialer of an ssh:// address; at other addresses there are none.
func (ep Endpoint) sshOptions() []client.Opt {
	helper, err := connhelper.GetConnectionHelper(ep.Host)
	if err != nil || helper == nil {
		return nil
	}
	inTurn := cmp.Or(ep.turns, make(turns, perSSHHost))
	return []client.Opt{client.WithDialContext(func(ctx context.Context, network, address string) (net.Conn, error) {
		return inTurn.dial(ctx, func() (net.Conn, error) { return helper.Dialer(ctx, network, address) })
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
	left   func() // called when it is closed
}

func withReason(conn net.Conn, left func()) net.Conn {
	output, input := io.Pipe()
	c := &commandConn{Conn: conn, output: output, ended: make(chan struct{}), closed: make(chan struct{}), left: left}
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
		c.left()
		go func() { _ = c.Conn.Close() }()
	})
	return nil
}
