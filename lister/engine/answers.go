package engine

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/dkr-ls/dkr-ls/lister"
)

// statusError is what the engine says in an answer that is not a list.
func (c *Client) statusError(resp *http.Response) error {
	message, isEngines := messageIn(resp)
	what := fmt.Sprintf("it answers %d: %s", resp.StatusCode, message)
	if c.mayBeProxys() && !isEngines {
		hint := proxyHint
		if resp.StatusCode == http.StatusProxyAuthRequired {
			hint = loginHint
		}
		return failed(fmt.Sprintf("the proxy %s answers %d: %s", c.proxy.name(), resp.StatusCode, message), hint, nil)
	}
	a := answered{resp.StatusCode, message, c}
	for _, f := range statusFailures() {
		if f.is(a) {
			if f.what != "" {
				what = f.what
			}
			return failed(what, f.hint, nil)
		}
	}
	if resp.StatusCode >= http.StatusInternalServerError {
		return failed(what, "the engine's log", nil)
	}
	return failed(what, "docker version with the same address, to see if a Docker engine answers", nil)
}

// answered is an answer that is not a list.
type answered struct {
	status  int
	message string
	client  *Client
}

// A statusFailure is an answer that has a remedy of its own.
type statusFailure struct {
	is   func(answered) bool
	what string // "": the status and the message
	hint string
}

// statusFailures are the first to fit first.
func statusFailures() []statusFailure {
	of := func(status int) func(answered) bool { return func(a answered) bool { return a.status == status } }
	tooOld := func(a answered) bool { return strings.Contains(a.message, "is too old") }
	isSet := func(a answered) bool {
		return a.client.endpoint.version != "" && (tooOld(a) || strings.Contains(a.message, "is too new"))
	}
	return []statusFailure{
		{func(a answered) bool { return strings.Contains(a.message, "HTTP request to an HTTPS server") }, "it speaks TLS only", "DOCKER_TLS_VERIFY=1"},
		{isSet, "", "again without " + apiVariable},
		{tooOld, "", "a newer dkr-ls: the engine is too new for this one"},
		{of(http.StatusForbidden), "", "a proxy that allows GET /_ping and GET /images/json"},
		{of(http.StatusUnauthorized), "", "credentials in HttpHeaders of docker's config file, or in " + customHeaders},
		{of(http.StatusNotFound), "", "the address of the engine itself, without a path"},
		{of(http.StatusProxyAuthRequired), "", loginHint},
		{of(http.StatusTooManyRequests), "", "again in a minute"},
		{func(a answered) bool { return a.status >= 300 && a.status < 400 }, "", "the address of the engine itself"},
	}
}

// messageIn is what an answer says, on one line and cut if it is long, and whether it has the form of
// an engine's error.
func messageIn(resp *http.Response) (message string, isEngines bool) {
	const most = 8 << 10
	body, _ := io.ReadAll(io.LimitReader(resp.Body, most))
	var answer struct{ Message string }
	message = string(body)
	if json.Unmarshal(body, &answer) == nil && answer.Message != "" {
		message, isEngines = answer.Message, true
	}
	message = oneLine(message)
	const longest = 500
	if cut := lister.Escape(message); len(cut) > longest {
		message = cut[:longest] + "…"
	}
	if message == "" || strings.HasPrefix(message, "<") { // a proxy's page
		message = http.StatusText(resp.StatusCode)
	}
	return message, isEngines
}
