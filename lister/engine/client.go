// Package engine finds a Docker engine as the docker command does, and reads its list of images
// off the wire.
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
	"time"

	"github.com/docker/docker/client"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A Client lists the images of one engine. It sends nothing but /_ping and one GET of
// /images/json, which changes nothing in the engine.
type Client struct {
	endpoint Endpoint
	api      *client.Client
	log      *slog.Logger
	proxy    *proxy // of the latest request
}

// NewClient makes a client of the engine at ep. Nothing is sent before [Client.Images].
func NewClient(ep Endpoint, log *slog.Logger) (*Client, error) {
	options, err := ep.ClientOpts()
	if err != nil { // what docker's packages make of TLS material that is none
		what := strings.TrimPrefix(plain(err), "failed to retrieve context tls info: ")
		hint := "valid ca.pem, cert.pem and key.pem files in DOCKER_CERT_PATH or the context"
		if !ep.secure() {
			hint = "another address"
		}
		return nil, failed(ep.described()+": "+ep.scrub(what), hint, err)
	}
	api, err := client.NewClientWithOpts(append(options, ep.sshOptions()...)...)
	if err != nil {
		what, hint := plain(err), "another address"
		if strings.Contains(what, "is too long") {
			what, hint = "the path of its socket is too long", "a symbolic link to it with a short path"
		}
		return nil, failed(ep.described()+": "+ep.scrub(what), hint, err)
	}
	log.Debug("engine chosen", "endpoint", ep.Name(), "by", ep.Source)
	return &Client{endpoint: ep, api: api, log: log}, nil
}

// Name is the engine's address, without the userinfo that a URL may hold.
func (c *Client) Name() string { return c.endpoint.Name() }

// Images implements [lister.Engine]. Its errors name the endpoint, what chose it and a remedy.
func (c *Client) Images(ctx context.Context, want lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		start := time.Now()
		defer func() { _ = c.api.Close() }() // idle connections
		body, able, err := c.request(ctx, want)
		if err != nil {
			yield(lister.Image{}, c.explain(ctx, err))
			return
		}
		defer func() { _ = body.Close() }() // which ends what goes on reading it
		tellsShared := able.tellsShared(want)
		for image, err := range ahead(decodeImages(body, generous())) {
			if err != nil {
				yield(lister.Image{}, c.explain(ctx, err))
				return
			}
			if !tellsShared {
				image.SharedSize = -1
			}
			if !yield(image, nil) {
				return
			}
		}
		c.log.DebugContext(ctx, "answer read", "took", time.Since(start))
	}
}

// request asks for the images, as the engine is able to answer, and returns the body of an answer of
// status 200.
func (c *Client) request(ctx context.Context, want lister.Want) (io.ReadCloser, abilities, error) {
	able, err := c.negotiate(ctx)
	if err != nil {
		return nil, able, err
	}
	resp, err := c.get(ctx, able.query(want), able.path("images", "json")...)
	if err != nil {
		return nil, able, err
	}
	// The docker client's own ImageList takes a redirect for an empty list.
	if resp.StatusCode != http.StatusOK {
		defer func() { _ = resp.Body.Close() }()
		return nil, able, c.statusError(resp)
	}
	return resp.Body, able, nil
}

// negotiate settles what the engine can be asked for, and in which version of the API: that of
// DOCKER_API_VERSION, or the newest that both sides know. A ping that fails in any way but to reach
// the engine decides nothing: an engine that is unwell, or behind a proxy, may list its images all
// the same.
func (c *Client) negotiate(ctx context.Context) (abilities, error) {
	if set, ok := parseVersion(c.endpoint.version); ok {
		return abilities{kind: unknownKind, api: set}, nil
	}
	resp, err := c.get(ctx, "", "_ping")
	if err != nil {
		return abilities{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.CopyN(io.Discard, resp.Body, 1<<10) // read to its end, the connection serves again
	able := abilitiesOf(resp.Header)
	c.log.DebugContext(ctx, "ping answered", "status", resp.StatusCode, "engine", string(able.kind),
		"version", resp.Header.Get("Api-Version"), "used", able.api.String())
	return able, nil
}

// get sends a GET for the path and the query, with the headers that docker would send.
func (c *Client) get(ctx context.Context, query string, path ...string) (*http.Response, error) {
	c.proxy = &proxy{}
	through := c.proxy
	traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { through.passed.Store(true) }})
	address := c.base().JoinPath(path...)
	address.RawQuery = query
	req, err := http.NewRequestWithContext(traced, http.MethodGet, address.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	for key, value := range c.endpoint.headers {
		req.Header.Set(key, value)
	}
	req.Header.Set("Accept-Encoding", "identity") // else a few bytes of the engine could become many here
	if c.endpoint.agent != "" {
		req.Header.Set("User-Agent", c.endpoint.agent)
	}
	if c.proxy.url, err = proxyOf(req, c.endpoint); err != nil {
		return nil, err
	}
	c.log.DebugContext(ctx, "request", "method", req.Method, "path", req.URL.Path, "filtered", strings.Contains(query, "filters="), "shared size", strings.Contains(query, "shared-size="))
	resp, err := sendOnce(c.api.HTTPClient(), req)
	if err == nil {
		c.proxy.answered(resp)
	}
	if err == nil && resp.StatusCode == http.StatusSwitchingProtocols {
		// What follows is a connection of another protocol, which no context ends.
		_ = resp.Body.Close()
		resp.Body = http.NoBody
	}
	return resp, err
}

// base is the address that paths are relative to. For a socket its host is a stand-in, that of
// the docker client.
func (c *Client) base() *url.URL {
	u := &url.URL{Scheme: "http", Host: client.DummyHost, Path: "/"}
	if host, err := client.ParseHostURL(c.api.DaemonHost()); err == nil && !isLocal(c.api.DaemonHost()) {
		u.Host, u.Path = host.Host, "/"+host.Path
	}
	if c.endpoint.secure() {
		u.Scheme = "https"
	}
	return u
}
