// Package engine reads the list of images of a Docker engine off the wire.
package engine

import (
	"context"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/docker/docker/client"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// A Client lists the images of one engine. It sends nothing but /_ping and one GET of
// /images/json, which changes nothing in the engine.
type Client struct {
	endpoint endpoint.Endpoint
	api      *client.Client
	log      *slog.Logger
}

// NewClient makes a client of the engine at ep. Nothing is sent before [Client.Images].
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
		start := time.Now()
		defer func() { _ = c.api.Close() }() // idle connections
		list, able, err := c.request(ctx, want)
		if err != nil {
			yield(lister.Image{}, c.explain(ctx, err))
			return
		}
		defer func() { _ = list.Body.Close() }() // which ends a read under way
		for image, err := range ahead(decodeImages(list.Body, generous())) {
			if err != nil {
				yield(lister.Image{}, c.explain(ctx, &requestError{err, list.proxy}))
				return
			}
			if !able.reportsShared(want) {
				image.SharedSize = -1
			}
			if !yield(image, nil) {
				return
			}
		}
		c.log.DebugContext(ctx, "answer read", "took", time.Since(start))
	}
}

// request asks for the images, as the engine is able to answer, and returns an answer of status 200.
func (c *Client) request(ctx context.Context, want lister.Want) (*response, abilities, error) {
	able, err := c.negotiate(ctx)
	if err != nil {
		return nil, able, err
	}
	list, err := c.get(ctx, able.query(want), able.path("images", "json")...)
	if err != nil {
		return nil, able, err
	}
	// The docker client's own ImageList takes a redirect for an empty list.
	if list.StatusCode != http.StatusOK {
		defer func() { _ = list.Body.Close() }()
		return nil, able, newStatusError(list)
	}
	return list, able, nil
}

// negotiate returns what the engine can be asked for, and in which version of the API: that of
// DOCKER_API_VERSION, or the newest that both sides know. Only a ping that does not reach the engine
// is an error: an engine that is unwell, or behind a proxy, may list its images all the same.
func (c *Client) negotiate(ctx context.Context) (abilities, error) {
	if c.endpoint.APIVersion != "" {
		return abilities{kind: unknownKind, api: c.endpoint.APIVersion}, nil
	}
	ping, err := c.get(ctx, "", "_ping")
	if err != nil {
		return abilities{}, err
	}
	defer func() { _ = ping.Body.Close() }()
	_, _ = io.CopyN(io.Discard, ping.Body, 1<<10) // read to its end, the connection serves again
	able := abilitiesOf(ping.Header)
	c.log.DebugContext(ctx, "ping answered", "status", ping.StatusCode, "engine", string(able.kind),
		"version", ping.Header.Get("Api-Version"), "used", able.api)
	return able, nil
}

// A response is an answer to a request.
type response struct {
	*http.Response
	proxy *url.URL // that may have answered in the engine's place; nil: none
}

// get sends a GET for the path and the query, with the headers that docker would send. Its errors
// are a [requestError] where it was sent.
func (c *Client) get(ctx context.Context, query string, path ...string) (*response, error) {
	var connected atomic.Bool // to the engine, through a proxy or not
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { connected.Store(true) }}
	address := c.base().JoinPath(path...)
	address.RawQuery = query
	req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, trace), http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	for key, value := range c.endpoint.Headers {
		req.Header.Set(key, value)
	}
	req.Header.Set("Accept-Encoding", "identity") // else a few bytes of the engine could become many here
	if c.endpoint.UserAgent != "" {
		req.Header.Set("User-Agent", c.endpoint.UserAgent)
	}
	proxy, err := c.endpoint.Proxy(req.URL)
	if err != nil {
		return nil, err
	}
	c.log.DebugContext(ctx, "request", "method", req.Method, "path", req.URL.Path,
		"filtered", strings.Contains(query, "filters="), "shared size", strings.Contains(query, "shared-size="))
	resp, err := sendOnce(c.api.HTTPClient(), req)
	switch {
	case err != nil && connected.Load():
		return nil, &requestError{err, nil}
	case err != nil:
		return nil, &requestError{err, proxy}
	case c.endpoint.IsSecure() || resp.Header.Get("Api-Version") != "": // from within a tunnel, or by an engine
		proxy = nil
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		// What follows is a connection of another protocol, which no context ends.
		_ = resp.Body.Close()
		resp.Body = http.NoBody
	}
	return &response{resp, proxy}, nil
}

// base returns the address that paths are relative to. For a socket its host is a stand-in, that of
// the docker client.
func (c *Client) base() *url.URL {
	base := &url.URL{Scheme: "http", Host: client.DummyHost, Path: "/"}
	if host, err := client.ParseHostURL(c.endpoint.Host); err == nil && !c.endpoint.IsLocal() {
		base.Host, base.Path = host.Host, "/"+host.Path
	}
	if c.endpoint.IsSecure() {
		base.Scheme = "https"
	}
	return base
}
