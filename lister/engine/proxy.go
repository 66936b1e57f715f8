package engine

import (
	"net/http"
	"net/url"
	"sync/atomic"
)

// A proxy is what stands between the client and the engine during a request.
type proxy struct {
	url    *url.URL    // nil: nothing does
	passed atomic.Bool // it let the client through, at least so far that a request could be sent
}

// proxyOf is the proxy of a request by HTTP_PROXY, HTTPS_PROXY and NO_PROXY, if any.
func proxyOf(req *http.Request, ep Endpoint) *url.URL {
	if isLocal(ep.Host) {
		return nil
	}
	proxy, _ := http.ProxyFromEnvironment(req) // its error is the request's as well
	return proxy
}

// name is the proxy's address, without its userinfo.
func (p *proxy) name() string { return p.url.Scheme + "://" + p.url.Host }

// hint is what to try where the proxy is to blame.
func (p *proxy) hint() string {
	return "NO_PROXY with the engine's host, to go without the proxy, or another HTTP_PROXY or HTTPS_PROXY"
}
