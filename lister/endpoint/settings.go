package endpoint

import (
	"cmp"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpproxy"
)

// HeadersVariable is docker's variable for HTTP headers, which replace those of its config file.
const HeadersVariable = "DOCKER_CUSTOM_HEADERS"

// headers returns the HTTP headers to send, by docker's rules: those of DOCKER_CUSTOM_HEADERS, a line of
// CSV such as a=1,"b=2,3", or those of the config file. Values may be secrets, so no error has one.
func (d *Docker) headers() (map[string]string, error) {
	line := d.getenv(HeadersVariable)
	if line == "" {
		return d.config.HTTPHeaders, nil
	}
	fields, err := csv.NewReader(strings.NewReader(line)).Read()
	if err != nil {
		return nil, &Failure{HeadersVariable + ": it is not a line of CSV", tryPairs, nil}
	}
	headers := map[string]string{}
	for _, field := range fields {
		name, value, found := strings.Cut(field, "=")
		name = strings.TrimSpace(name)
		if name == "" || !found {
			return nil, &Failure{HeadersVariable + ": a header has no name or no value", tryPairs, nil}
		}
		headers[http.CanonicalHeaderKey(name)] = value
	}
	return headers, nil
}

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
