package main

import (
	"io"
	"net/http"
	"sync"
)

// client keeps its connections open, as every common HTTP library does by default.
type client struct {
	service    *service
	http       http.Client
	perRequest bool
}

func newClient(s *service) *client {
	return &client{service: s, http: http.Client{Transport: &http.Transport{DialContext: s.dial}}}
}

// newHTTP2Client sends all requests over one connection, as gRPC does.
func newHTTP2Client(s *service) *client {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	return &client{service: s, http: http.Client{Transport: &http.Transport{DialContext: s.dial, Protocols: protocols}}}
}

// newBalancedClient has a balancer for each request in front: a proxy, a mesh's sidecar or a client-side balancer.
func newBalancedClient(s *service) *client {
	return &client{service: s, perRequest: true, http: http.Client{Transport: &http.Transport{}}}
}

// send makes n requests, one after the other.
func (c *client) send(n int) error {
	for range n {
		host := "my-service"
		if c.perRequest {
			host = c.service.next()
		}
		response, err := c.http.Get("http://" + host + "/")
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, response.Body) // a body read to its end frees the connection for the next request
		_ = response.Body.Close()
	}
	return nil
}

// sendAtOnce makes n requests in parallel, after a first one that opens the connection.
func (c *client) sendAtOnce(n int) error {
	if err := c.send(1); err != nil {
		return err
	}
	errs := make([]error, n-1)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() { errs[i] = c.send(1) })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *client) close() { c.http.CloseIdleConnections() }
