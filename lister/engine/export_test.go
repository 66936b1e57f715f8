package engine

import (
	"context"
	"io"
	"iter"
	"net"
	"net/http"

	"github.com/dkr-ls/dkr-ls/lister"
)

// DecodeImages is what reads an engine's answer.
func DecodeImages(r io.Reader) iter.Seq2[lister.Image, error] { return decodeImages(r, generous()) }

// DecodeWithin reads an answer of at most so many bytes, bytes an image, and names.
func DecodeWithin(r io.Reader, answer, image, names int64) iter.Seq2[lister.Image, error] {
	return decodeImages(r, limits{answer: answer, image: image, name: 1 << 17, names: names, perName: 1 << 30})
}

// Explain is what a client of an endpoint makes of an error.
func Explain(ctx context.Context, ep Endpoint, err error) error {
	return (&Client{endpoint: ep}).explain(ctx, err)
}

// WithSockets is an endpoint at the default address, where other engines may listen at sockets.
func WithSockets(ep Endpoint, sockets ...string) Endpoint {
	ep.Source, ep.sockets = "default", sockets
	return ep
}

// OtherSockets are where other engines than the default one may listen.
func OtherSockets(getenv func(string) string) []string { return otherSockets(getenv) }

// SendOnce sends a GET that the engine is to see once.
func SendOnce(client *http.Client, req *http.Request) (*http.Response, error) {
	return sendOnce(client, req)
}

// WithReason is a connection through a command, as ssh:// addresses have it.
func WithReason(conn net.Conn) net.Conn { return withReason(conn) }
