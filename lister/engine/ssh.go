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
	return newCommandConn(conn, func() { <-turns }), nil
}

// A commandConn is a connection through a command, such as ssh. It fixes docker's own, whose methods
// disagree on why the command has ended, and wait for its end.
type commandConn struct {
	net.Conn
	output *io.PipeReader
	close  func()
}

// newCommandConn calls leave when the connection is closed.
func newCommandConn(conn net.Conn, leave func()) net.Conn {
	output, input := io.Pipe()
	go func() {
		_, err := io.Copy(input, conn)
		_ = input.CloseWithError(err) // nil is io.EOF
	}()
	return &commandConn{conn, output, sync.OnceFunc(func() {
		_ = output.Close()
		leave()
		go func() { _ = conn.Close() }()
	})}
}

// Read ends when the connection is closed. Docker's own waits up to ten seconds for a command that has closed its stdout.
func (c *commandConn) Read(p []byte) (int, error) { return c.output.Read(p) }

// Write never fails: where the command has ended, Read returns its message, while docker's own has only a
// broken pipe here, and net/http would return whichever comes first.
func (c *commandConn) Write(p []byte) (int, error) {
	_, _ = c.Conn.Write(p)
	return len(p), nil
}

// Close does not wait for the command's end, as docker's own does: that lasts until all that it has
// started closes its stderr, which a shared connection (ControlPersist) may do hours later.
func (c *commandConn) Close() error {
	c.close()
	return nil
}
