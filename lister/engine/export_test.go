package engine

import (
	"context"
	"io"
	"iter"
	"log/slog"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// What specs need of the package's inside.
var (
	DialInTurn     = dialInTurn
	NewCommandConn = newCommandConn
	SendOnce       = sendOnce
)

// DecodeImages reads an engine's answer, with labels.
func DecodeImages(r io.Reader) iter.Seq2[lister.Image, error] {
	return decodeImages(r, generous(), true)
}

// DecodeWithin reads an answer of at most these bytes, these an image, and rows of these.
func DecodeWithin(r io.Reader, answer, image, rows int64, labels bool) iter.Seq2[lister.Image, error] {
	return decodeImages(r, limits{answer: answer, element: image, name: 1 << 17, rows: rows}, labels)
}

// Explain returns what a client of an endpoint makes of an error that a spec cannot bring about.
func Explain(ctx context.Context, ep endpoint.Endpoint, err error) error {
	return (&Client{endpoint: ep, log: slog.New(slog.DiscardHandler)}).explain(ctx, err)
}
