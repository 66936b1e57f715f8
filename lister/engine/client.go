// Package engine finds a Docker engine as the docker command does, and reads its list of images
// off the wire.
package engine

import (
	"context"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/docker/docker/api/types"
	"github.com/docker/docker/client"

	"github.com/dkr-ls/dkr-ls/lister"
)

// A Client lists the images of one engine. It sends nothing but /_ping and one GET of
// /images/json, which changes nothing in the engine.
type Client struct {
	endpoint Endpoint
	api      *client.Client
	log      *slog.Logger
}

// NewClient makes a client of the engine at ep. Nothing is sent before [Client.Images].
func NewClient(ep Endpoint, log *slog.Logger) (*Client, error) {
	options, err := ep.ClientOpts()
	if err != nil { // what docker's packages make of TLS material that is none
		return nil, hinted(fmt.Errorf("%s: %s", ep.described(), strings.TrimPrefix(plain(err), "failed to retrieve context tls info: ")),
			"a ca.pem, cert.pem and key.pem that are whole, in DOCKER_CERT_PATH or the context")
	}
	api, err := client.NewClientWithOpts(append(options, ep.sshOptions()...)...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", ep.described(), err)
	}
	log.Debug("engine chosen", "endpoint", ep.Name(), "by", ep.Source)
	return &Client{endpoint: ep, api: api, log: log}, nil
}

// Images implements [lister.Engine]. Its errors name the endpoint, what chose it and a remedy.
func (c *Client) Images(ctx context.Context) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		start := time.Now()
		defer func() { _ = c.api.Close() }() // idle connections
		body, err := c.request(ctx)
		if err != nil {
			yield(lister.Image{}, c.explain(ctx, err))
			return
		}
		defer func() { _ = body.Close() }()
		for image, err := range decodeImages(body, generous()) {
			if err != nil {
				yield(lister.Image{}, c.explain(ctx, err))
				return
			}
			if !yield(image, nil) {
				return
			}
		}
		c.log.DebugContext(ctx, "answer read", "took", time.Since(start))
	}
}

// request asks for the images and returns the body of an answer of status 200.
func (c *Client) request(ctx context.Context) (io.ReadCloser, error) {
	if err := c.negotiate(ctx); err != nil {
		return nil, err
	}
	resp, err := c.get(ctx, "v"+c.api.ClientVersion(), "images", "json")
	if err != nil {
		return nil, err
	}
	// The docker client's own ImageList takes a redirect for an empty list.
	if resp.StatusCode != http.StatusOK {
		defer func() { _ = resp.Body.Close() }()
		return nil, statusError(resp)
	}
	return resp.Body, nil
}

// negotiate settles the API version: DOCKER_API_VERSION, or the newest that both sides speak. It
// asks by itself rather than through the docker client, whose errors do not say what they come from.
func (c *Client) negotiate(ctx context.Context) error {
	if os.Getenv(client.EnvOverrideAPIVersion) != "" { // which the docker client goes by
		return nil
	}
	resp, err := c.get(ctx, "_ping")
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	// An engine that is unwell answers 500 and may list its images all the same.
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusInternalServerError {
		return statusError(resp)
	}
	_, _ = io.CopyN(io.Discard, resp.Body, 1<<10) // read to its end, the connection serves again
	version := resp.Header.Get("Api-Version")
	if version != "" {
		if err := checkVersion(version); err != nil {
			return err
		}
	}
	c.api.NegotiateAPIVersionPing(types.Ping{APIVersion: version}) // none: the oldest
	c.log.DebugContext(ctx, "API version", "engine", version, "used", c.api.ClientVersion())
	return nil
}

// get sends a GET for the path, with docker's HTTP headers.
func (c *Client) get(ctx context.Context, path ...string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base().JoinPath(path...).String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	for key, value := range c.endpoint.headers {
		req.Header.Set(key, value)
	}
	req.Header.Set("Accept-Encoding", "identity") // else a few bytes of the engine could become many here
	c.log.DebugContext(ctx, "request", "method", req.Method, "path", req.URL.Path)
	resp, err := sendOnce(c.api.HTTPClient(), req)
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
