package endpoint

import (
	"cmp"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// proxy returns what chooses the proxy of a request to an endpoint by HTTP_PROXY, HTTPS_PROXY and
// NO_PROXY. It refuses an address in which a password could pass for another part, which would be shown.
func (d *Docker) proxy(ep Endpoint) func(*url.URL) (*url.URL, error) {
	either := func(name string) string { return cmp.Or(d.getenv(name), d.getenv(strings.ToLower(name))) }
	config := httpproxy.Config{
		HTTPProxy: either("HTTP_PROXY"), HTTPSProxy: either("HTTPS_PROXY"), NoProxy: either("NO_PROXY"),
		CGI: d.getenv("REQUEST_METHOD") != "",
	}
	return func(request *url.URL) (*url.URL, error) {
		if ep.IsLocal() {
			return nil, nil
		}
		proxy, err := config.ProxyFunc()(request)
		if err != nil || proxy != nil && strings.Contains(proxy.RequestURI()+proxy.Fragment, "@") {
			return nil, &Failure{"HTTP_PROXY or HTTPS_PROXY is no proxy's address", tryProxy, nil}
		}
		return proxy, nil
	}
}
