package engine

import (
	"context"
	"io"
	"iter"
	"net"
	"net/http"
	"net/url"
	"slices"

	"github.com/dkr-ls/dkr-ls/lister"
)

// DecodeImages is what reads an engine's answer.
func DecodeImages(r io.Reader) iter.Seq2[lister.Image, error] { return decodeImages(r, generous()) }

// DecodeWithin reads an answer of at most so many bytes, bytes an image, and names.
func DecodeWithin(r io.Reader, answer, image, names int64) iter.Seq2[lister.Image, error] {
	return decodeImages(r, limits{answer: answer, image: image, name: 1 << 17, invalid: 1 << 20, names: names, perName: 1 << 30, pairs: 2})
}

// Explain is what a client of an endpoint makes of an error.
func Explain(ctx context.Context, ep Endpoint, err error) error {
	return (&Client{endpoint: ep}).explain(ctx, err)
}

// behind is a client of an endpoint, behind the proxy at a host; "": behind none.
func behind(ep Endpoint, through string) *Client {
	c := &Client{endpoint: ep, proxy: &proxy{}}
	if through != "" {
		c.proxy.url = &url.URL{Scheme: "http", Host: through}
	}
	return c
}

// Diagnose tells of an error of an endpoint's, perhaps behind a proxy: what is known of it, as a
// number, or -1 where nothing is, and the text.
func Diagnose(ep Endpoint, through string, err error) (known int, what, hint string) {
	c := behind(ep, through)
	what, hint = c.diagnose(err)
	return slices.IndexFunc(failures(), func(f knownFailure) bool { return f.is(c, err) }), what, hint
}

// MayBeProxys reports whether an answer with this header may be that of a proxy before an endpoint.
func MayBeProxys(ep Endpoint, header http.Header) bool {
	c := behind(ep, "proxy:3128")
	c.proxy.answered(&http.Response{Header: header})
	return c.mayBeProxys()
}

// Answered is what a client makes of an answer with this status, perhaps a proxy's.
func Answered(ep Endpoint, through string, status int) error {
	return behind(ep, through).statusError(&http.Response{StatusCode: status, Body: http.NoBody})
}

// KnownFailures is how many numbers [Diagnose] has.
func KnownFailures() int { return len(failures()) }

// Broken marks an answer that is no list of images.
func Broken(err error) error { return broken(err) }

// Failed is an error with something to try.
func Failed(what, hint string) error { return failed(what, hint, nil) }

// WithSockets is an endpoint at the default address, where other engines may listen at sockets.
func WithSockets(ep Endpoint, sockets ...string) Endpoint {
	ep.Source, ep.sockets = "default", sockets
	return ep
}

// WithContainerMark is an endpoint of a process that is in a container if this file is there.
func WithContainerMark(ep Endpoint, mark string) Endpoint {
	ep.containerMarks = []string{mark}
	return ep
}

// OtherSockets are where other engines than the default one may listen.
func OtherSockets(getenv func(string) string) []string { return otherSockets(getenv) }

// SendOnce sends a GET that the engine is to see once.
func SendOnce(client *http.Client, req *http.Request) (*http.Response, error) {
	return sendOnce(client, req)
}

// HasOwnDialer reports whether an endpoint is connected to by a dialer that tells why it failed.
func HasOwnDialer(ep Endpoint) bool { return len(ep.sshOptions()) > 0 }

// WithReason is a connection through a command, as ssh:// addresses have it.
func WithReason(conn net.Conn) net.Conn { return withReason(conn, func() {}) }

// TurnsOf are those of an endpoint's host; nil where ssh does not lead there.
func TurnsOf(ep Endpoint) chan struct{} { return ep.turns }

// DialInTurn connects to an endpoint's host when it is its turn.
func DialInTurn(ctx context.Context, ep Endpoint, connect func() (net.Conn, error)) (net.Conn, error) {
	return ep.turns.dial(ctx, connect)
}

// What this system calls these ends of a connection.
const (
	ErrRefused  = errRefused
	ErrReset    = errReset
	ErrNoHost   = errNoHost
	ErrNoAnswer = errNoAnswer
)
