package engine

import (
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
)

// A proxy is what stands between the client and the engine during a request.
type proxy struct {
	url    *url.URL    // nil: nothing does
	passed atomic.Bool // it let the client through, at least so far that a request could be sent
	engine bool        // an engine has answered
}

// proxyHint is what to try where a proxy is to blame.
const proxyHint = "NO_PROXY with the engine's host, to go without the proxy, or another HTTP_PROXY or HTTPS_PROXY"

// loginHint is what to try where a proxy wants to know who asks.
const loginHint = "HTTP_PROXY or HTTPS_PROXY with a name and a password, or NO_PROXY with the engine's host"

// proxyOf is the proxy of a request by HTTP_PROXY, HTTPS_PROXY and NO_PROXY, if any. An address that
// could make a password pass for something else, which is then shown, is refused.
func proxyOf(req *http.Request, ep Endpoint) (*url.URL, error) {
	if isLocal(ep.Host) {
		return nil, nil
	}
	proxy, err := http.ProxyFromEnvironment(req)
	if err != nil || proxy != nil && strings.Contains(proxy.RequestURI()+proxy.Fragment, "@") {
		return nil, failed("HTTP_PROXY or HTTPS_PROXY is no proxy's address",
			"one like http://host:3128, with %2F for a / in its password", nil)
	}
	return proxy, nil
}

// name is the proxy's address, without its userinfo.
func (p *proxy) name() string { return p.url.Scheme + "://" + p.url.Host }

// answered notes who answered: engines tell their API version in every answer.
func (p *proxy) answered(resp *http.Response) {
	p.engine = resp.Header.Get("Api-Version") != ""
}

// mayBeProxys reports whether an answer may be the proxy's own: it does not come out of a tunnel, and no
// engine shows.
func (c *Client) mayBeProxys() bool {
	return c.proxy != nil && c.proxy.url != nil && !c.endpoint.secure() && !c.proxy.engine
}
