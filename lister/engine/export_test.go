package engine

import (
	"context"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// DecodeImages reads an engine's answer.
func DecodeImages(r io.Reader) iter.Seq2[lister.Image, error] { return decodeImages(r, generous()) }

// DecodeWithin reads an answer of at most so many bytes, bytes an image, and names.
func DecodeWithin(r io.Reader, answer, image, names int64) iter.Seq2[lister.Image, error] {
	return decodeImages(r, limits{answer: answer, image: image, name: 1 << 17, invalid: 1 << 20, names: names, perName: 1 << 30, pairs: 2})
}

// Explain returns what a client of an endpoint makes of an error that a spec cannot bring about.
func Explain(ctx context.Context, ep endpoint.Endpoint, err error) error {
	return (&Client{endpoint: ep, log: slog.New(slog.DiscardHandler)}).explain(ctx, err)
}

// DialInTurn connects as soon as turns has room.
func DialInTurn(ctx context.Context, turns chan struct{}, connect func() (net.Conn, error)) (net.Conn, error) {
	return dialInTurn(ctx, turns, connect)
}

// WithReason returns a connection through a command, such as ssh.
func WithReason(conn net.Conn) net.Conn { return withReason(conn, func() {}) }

// SendOnce sends a GET that the engine must see only once.
func SendOnce(client *http.Client, req *http.Request) (*http.Response, error) {
	return sendOnce(client, req)
}
