package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// explain returns an error that says what went wrong: at which endpoint, chosen by what, and what to
// try. Where ctx has ended, its cause is what went wrong.
func (c *Client) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return c.describe(err)
}

// describe returns an error with the words and the remedy of the failure that it is.
func (c *Client) describe(err error) error {
	f := fault{endpoint: c.endpoint, err: err, text: plain(err)}
	if sent, ok := errors.AsType[*requestError](err); ok && sent.proxy != nil {
		f.proxy = sent.proxy.Scheme + "://" + sent.proxy.Host
	}
	known := f.diagnose()
	what := fmt.Sprintf("the engine at %s (chosen by %s): %s", c.endpoint.Name(), c.endpoint.Source, c.scrub(known.what))
	return &endpoint.Failure{What: what, Hint: known.hint, Cause: err}
}

// scrub returns text without what is secret of the endpoint: ssh names the user whom it logs in.
func (c *Client) scrub(text string) string {
	text = endpoint.Redact(text)
	u, err := url.Parse(c.endpoint.Host)
	if err != nil || u.User == nil {
		return text
	}
	for _, user := range []string{u.User.String(), u.User.Username()} {
		if user != "" {
			text = strings.ReplaceAll(text, user+"@", "")
		}
	}
	return text
}

// plain returns the text of err on one line, without the URL that net/http puts before it.
func plain(err error) string {
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	// What net/http's reader meets before an answer has the name of its function in front.
	return strings.TrimPrefix(oneLine(err.Error()), "readLoopPeekFailLocked: ")
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// A setupError is why docker's packages make no client of an endpoint.
type setupError struct{ error }

// A requestError is why a request failed, or its answer is of no use.
type requestError struct {
	error
	proxy *url.URL // that may be to blame; nil: none
}

func (e *requestError) Unwrap() error { return e.error }

// A statusError is an answer with a status other than 200.
type statusError struct {
	code     int
	path     string // of the list that was asked for, such as /v1.51/images/json
	message  string
	byEngine bool // the answer has the form of an engine's error
}

func (e *statusError) Error() string {
	return strings.TrimSuffix(fmt.Sprintf("answers %d: %s", e.code, e.message), ": ") // HTTP has no name for some
}

// newStatusError reads an answer's message, on one line and cut if it is long.
func newStatusError(resp *response) error {
	const most, longest = 8 << 10, 500
	body, _ := io.ReadAll(io.LimitReader(resp.Body, most))
	var answer struct{ Message string }
	byEngine := json.Unmarshal(body, &answer) == nil && answer.Message != ""
	message := oneLine(cmp.Or(answer.Message, string(body)))
	if cut := lister.Escape(message); len(cut) > longest {
		message = cut[:longest] + "…"
	}
	if message == "" || strings.HasPrefix(message, "<") { // a proxy's page
		message = http.StatusText(resp.StatusCode)
	}
	return &requestError{&statusError{resp.StatusCode, resp.Request.URL.Path, message, byEngine}, resp.proxy}
}

// A brokenError is an answer that is not a list.
type brokenError struct{ error }

// broken marks an error of an answer that is not a list.
func broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &brokenError{errors.New("its answer ends too early")}
	}
	return &brokenError{fmt.Errorf("its answer is broken: %w", err)}
}
