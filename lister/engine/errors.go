package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
)

// A failure is an error that ends a run: what failed, and one thing to try.
type failure struct {
	what, hint string
	cause      error // may be nil
}

func failed(what, hint string, cause error) error { return &failure{what, hint, cause} }

func (f *failure) Error() string { return f.what + "; try: " + f.hint }
func (f *failure) Unwrap() error { return f.cause }

// explain tells what went wrong with a request: at which endpoint, chosen by what, and what to try.
// The end of ctx is told as its cause has it.
func (c *Client) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	what, hint := c.diagnose(err)
	return failed(c.endpoint.described()+": "+c.endpoint.scrub(what), hint, err)
}

// diagnose puts err into words and names a remedy.
func (c *Client) diagnose(err error) (what, hint string) {
	for _, f := range failures() {
		if f.is(c, err) {
			return f.tell(c, err)
		}
	}
	return plain(err), "--log-level DEBUG, to see how far it got"
}

// scrub leaves out of text what is secret of the endpoint: ssh says whom it logs in as.
func (ep Endpoint) scrub(text string) string {
	text = Redact(text)
	u, err := url.Parse(ep.Host)
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

// plain is the text of err on one line, without the URL that net/http puts before it.
func plain(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return oneLine(err.Error())
}

// oneLine makes spaces of the white space in text.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// brokenError is an answer that is not a list of images.
type brokenError struct {
	text  string
	cause error
}

func (e *brokenError) Error() string { return e.text }
func (e *brokenError) Unwrap() error { return e.cause }

// broken marks an answer that is not a list of images.
func broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &brokenError{"its answer ends too early", err}
	}
	var limit limitError
	if errors.As(err, &limit) { // within the decoder's words
		err = limit
	}
	return &brokenError{fmt.Sprintf("its answer is broken: %v", err), err}
}
