// Package engine reads the list of images of a Docker engine off the wire.
package engine

import (
	"context"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"

	"github.com/docker/docker/client"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// A Client lists the images and containers of one engine. It sends nothing but GETs of /_ping, of
// /images/json and, for [Client.Containers], of /containers/json: nothing that changes the engine.
type Client struct {
	endpoint endpoint.Endpoint
	api      *client.Client
	log      *slog.Logger
	able     atomic.Pointer[abilities] // nil: no ping has been answered yet
}

// NewClient returns a client of the engine at ep. Nothing is sent before [Client.Images].
func NewClient(ep endpoint.Endpoint, log *slog.Logger) (*Client, error) {
	c := &Client{endpoint: ep, log: log}
	options, err := ep.ClientOpts()
	if err == nil {
		c.api, err = client.NewClientWithOpts(append(append(options, withProxy(ep)), sshOptions(ep)...)...)
	}
	if err != nil {
		return nil, c.describe(&setupError{err})
	}
	log.Debug("engine chosen", "endpoint", ep.Name(), "by", ep.Source)
	return c, nil
}

// withProxy replaces the proxy of the process's environment by the endpoint's.
func withProxy(ep endpoint.Endpoint) client.Opt {
	return func(c *client.Client) error {
		if transport, ok := c.HTTPClient().Transport.(*http.Transport); ok {
			transport.Proxy = func(req *http.Request) (*url.URL, error) { return ep.Proxy(req.URL) }
		}
		return nil
	}
}

// Name returns the engine's address, without the userinfo that a URL may hold.
func (c *Client) Name() string { return c.endpoint.Name() }

// Images implements [lister.Engine]. Its errors name the endpoint, what chose it and a remedy.
func (c *Client) Images(ctx context.Context, want lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		defer func() { _ = c.api.Close() }() // idle connections
		if err := c.images(ctx, want, yield); err != nil {
			yield(lister.Image{}, c.explain(ctx, err))
		}
	}
}

// images yields the images until the caller wants no more of them, or returns why it cannot.
func (c *Client) images(ctx context.Context, want lister.Want, yield func(lister.Image, error) bool) error {
	able, err := c.negotiate(ctx)
	if err != nil {
		return err
	}
	list, err := c.getList(ctx, able.query(want), able.path("images", "json")...)
	if err != nil {
		return err
	}
	defer func() { _ = list.Body.Close() }() // which ends a read under way
	able.isDocker, able.isPodman = maker(list.Header)
	for image, err := range decodeImages(list.Body, generous(), want.Labels) {
		if err != nil {
			return &requestError{err, list.proxy}
		}
		if !able.reportsShared(want) {
			image.SharedSize = -1
		}
		if !able.isDocker { // Podman's number misses the containers of a name that has moved
			image.Containers = -1
		}
		if !yield(image, nil) {
			return nil
		}
	}
	return nil
}

// negotiate returns what the engine can be asked for, and in which version of the API: that of
// DOCKER_API_VERSION, or the newest that both sides know. Only a ping that does not reach the engine
// is an error: an engine that is unwell, or behind a proxy, may list its images all the same.
func (c *Client) negotiate(ctx context.Context) (abilities, error) {
	if c.endpoint.APIVersion != "" {
		return abilities{api: c.endpoint.APIVersion}, nil
	}
	if able := c.able.Load(); able != nil {
		return *able, nil
	}
	ping, err := c.get(ctx, "", "_ping")
	if err != nil {
		return abilities{}, err
	}
	defer func() { _ = ping.Body.Close() }()
	_, _ = io.CopyN(io.Discard, ping.Body, 1<<10) // read to its end, the connection serves again
	able := abilitiesOf(ping.Header)
	c.log.DebugContext(ctx, "ping answered", "status", ping.StatusCode, "server", ping.Header.Get("Server"),
		"version", ping.Header.Get("Api-Version"), "used", able.api)
	c.able.Store(&able)
	return able, nil
}
