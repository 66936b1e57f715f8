package engine

import (
	"context"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"

	"github.com/docker/docker/client"
)

// A response is an answer to a request.
type response struct {
	*http.Response
	proxy *url.URL // that may have answered in the engine's place; nil: none
}

// getList sends a GET, and returns an answer of status 200. The docker client's own ImageList takes a
// redirect for an empty list.
func (c *Client) getList(ctx context.Context, query string, path ...string) (*response, error) {
	list, err := c.get(ctx, query, path...)
	if err != nil || list.StatusCode == http.StatusOK {
		return list, err
	}
	defer func() { _ = list.Body.Close() }()
	return nil, newStatusError(list)
}

// get sends a GET for the path and the query, with the headers that docker would send. Its errors
// are a [requestError] where it was sent.
func (c *Client) get(ctx context.Context, query string, path ...string) (*response, error) {
	address := c.base().JoinPath(path...)
	address.RawQuery = query
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), http.NoBody)
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
	c.log.DebugContext(ctx, "request", "method", req.Method, "path", req.URL.Path, "query", query)
	resp, connected, err := sendOnce(c.api.HTTPClient(), req)
	if err != nil {
		if connected { // through the proxy too
			proxy = nil
		}
		return nil, &requestError{err, proxy}
	}
	if c.endpoint.IsSecure() || resp.Header.Get("Api-Version") != "" { // from within a tunnel, or by an engine
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

// sendOnce sends a GET that the engine must see only once, and reports whether a connection came about. Where
// a connection breaks that has served before, net/http repeats a GET, whether or not the engine has seen it;
// this repeats it only if nothing was sent.
func sendOnce(client *http.Client, req *http.Request) (resp *http.Response, connected bool, err error) {
	for {
		var conn, reused, written atomic.Bool
		ctx := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
			GotConn:      func(info httptrace.GotConnInfo) { conn.Store(true); reused.Store(info.Reused) },
			WroteRequest: func(httptrace.WroteRequestInfo) { written.Store(true) },
		})
		once := req.WithContext(ctx)
		once.Body = io.NopCloser(http.NoBody) // which net/http cannot repeat, unlike NoBody itself
		resp, err := client.Do(once)
		if err == nil || !reused.Load() || written.Load() || ctx.Err() != nil {
			return resp, conn.Load(), err
		}
	}
}
