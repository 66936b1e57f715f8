package engine

import "context"

// DecodeImages is what reads an engine's answer.
var DecodeImages = decodeImages

// Explain is what a client of an endpoint makes of an error.
func Explain(ctx context.Context, ep Endpoint, err error) error {
	return (&Client{endpoint: ep}).explain(ctx, err)
}

// WithSockets is an endpoint at the default address, where other engines may listen at sockets.
func WithSockets(ep Endpoint, sockets ...string) Endpoint {
	ep.Source, ep.sockets = "default", sockets
	return ep
}
