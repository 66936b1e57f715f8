package engine

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/docker/docker/client"

	"github.com/dkr-ls/dkr-ls/lister"
)

// hinted adds one thing to try to an error.
func hinted(err error, hint string) error { return fmt.Errorf("%w; try: %s", err, hint) }

// explain tells what went wrong with a request: at which endpoint, chosen by what, and what to try.
// The end of ctx is told as its cause has it.
func (c *Client) explain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	what, hint := c.diagnose(err)
	err = &explained{c.endpoint.described() + ": " + what, err}
	if hint == "" {
		return err
	}
	return hinted(err, hint)
}

// explained says in its own words what cause means.
type explained struct {
	text  string
	cause error
}

func (e *explained) Error() string { return e.text }
func (e *explained) Unwrap() error { return e.cause }

// diagnose puts err into words and names a remedy, where one is known.
func (c *Client) diagnose(err error) (what, hint string) {
	var (
		dns      *net.DNSError
		record   tls.RecordHeaderError
		unknown  x509.UnknownAuthorityError
		invalid  x509.CertificateInvalidError
		hostname x509.HostnameError
		alert    *net.OpError
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return plain(err), "a longer --timeout"
	case strings.HasPrefix(c.endpoint.Host, "ssh://"):
		return sshFailure(err), "ssh " + sshDestination(c.endpoint.Name()) + " docker version"
	case errors.Is(err, os.ErrNotExist):
		return "there is no such socket", c.endpoint.socketHint()
	case errors.Is(err, os.ErrPermission):
		return "permission denied", "sudo, or a user in the group that owns the socket"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused", "starting the engine, or another address"
	case errors.Is(err, syscall.ECONNRESET):
		return "the connection was reset", "the engine's log"
	case errors.As(err, &dns):
		return fmt.Sprintf("the name %q is not resolved", dns.Name), "another address"
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return "it does not speak TLS", "the address without DOCKER_TLS_VERIFY, DOCKER_TLS or the context's TLS material"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate is out of date: " + plain(err), "renewing the engine's certificate"
	case errors.As(err, &unknown), errors.As(err, &invalid), errors.As(err, &hostname):
		return "its certificate is not trusted: " + plain(err), "the ca.pem that signed it, in DOCKER_CERT_PATH or the context"
	case errors.As(err, &alert) && alert.Op == "remote error": // how crypto/tls tells a peer's alert
		return "it refuses this client: " + plain(alert), "a cert.pem and key.pem that it knows, in DOCKER_CERT_PATH or the context"
	case strings.Contains(err.Error(), "malformed HTTP response"):
		return "it does not speak HTTP", "DOCKER_TLS_VERIFY=1, if it wants TLS"
	}
	return plain(err), ""
}

// plain is the text of err on one line, without the URL that net/http puts before it.
func plain(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return oneLine(err.Error())
}

// sshFailure is what ssh itself said, where docker's connhelper tells it at the end of its own words.
func sshFailure(err error) string {
	text := plain(err)
	if _, said, found := strings.Cut(text, "stderr="); found && said != "" {
		return "ssh: " + strings.TrimSuffix(said, ".")
	}
	return text
}

// sshDestination is an address as ssh takes it: without the path of the engine's socket.
func sshDestination(address string) string {
	host, _, _ := strings.Cut(strings.TrimPrefix(address, "ssh://"), "/")
	return "ssh://" + host
}

// oneLine makes spaces of the white space in text.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// unprefixed is err without the prefix that docker's config package puts before it.
func unprefixed(err error) error {
	if cause := errors.Unwrap(err); cause != nil {
		return cause
	}
	return err
}

// broken marks an answer that is not a list of images.
func broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &explained{"its answer ends too early", err}
	}
	var limit limitError
	if errors.As(err, &limit) { // within the decoder's words
		err = limit
	}
	return fmt.Errorf("its answer is broken: %w", err)
}

// statusError is what the engine says in an answer that is not a list.
func statusError(resp *http.Response) error {
	const most = 8 << 10
	body, _ := io.ReadAll(io.LimitReader(resp.Body, most))
	var answer struct{ Message string }
	message := string(body)
	if json.Unmarshal(body, &answer) == nil && answer.Message != "" {
		message = answer.Message
	}
	message = oneLine(message)
	const longest = 500
	if cut := lister.Escape(message); len(cut) > longest {
		message = cut[:longest] + "…"
	}
	if message == "" || strings.HasPrefix(message, "<") { // a proxy's page
		message = http.StatusText(resp.StatusCode)
	}
	err := fmt.Errorf("it answers %d: %s", resp.StatusCode, message)
	switch {
	case strings.Contains(message, "HTTP request to an HTTPS server"):
		return hinted(errors.New("it speaks TLS only"), "DOCKER_TLS_VERIFY=1")
	case os.Getenv(client.EnvOverrideAPIVersion) != "" &&
		(strings.Contains(message, "is too old") || strings.Contains(message, "is too new")):
		return hinted(err, "the same without DOCKER_API_VERSION")
	case strings.Contains(message, "is too old"):
		return hinted(err, "a newer dkr-ls: the engine is too new for this one")
	case resp.StatusCode == http.StatusForbidden:
		return hinted(err, "a proxy that lets GET of /_ping and /images/json through")
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return hinted(err, "the address of the engine itself")
	}
	return err
}

// The API versions that the docker client speaks begin here.
const oldestMinor = 24

// checkVersion refuses an API version that is none, or is older than any that dkr-ls speaks.
func checkVersion(version string) error {
	major, rest, _ := strings.Cut(version, ".")
	minor, err := strconv.ParseUint(rest, 10, 16)
	if major != "1" || err != nil {
		return hinted(fmt.Errorf("%.40q is no API version", version), "whether that is a Docker engine")
	}
	if minor < oldestMinor {
		return hinted(fmt.Errorf("it is too old: it speaks API %s, dkr-ls 1.%d and later", version, oldestMinor), "upgrading the engine to 1.12 or later")
	}
	return nil
}
