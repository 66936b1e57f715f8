package engine

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
)

// A knownFailure is one that has words and a remedy of its own.
type knownFailure struct {
	is   func(c *Client, err error) bool
	tell func(c *Client, err error) (what, hint string)
}

// failures are what is known to go wrong with a request, the first that fits counts. What an engine
// answers with a status is in [statusFailures].
func failures() []knownFailure {
	return []knownFailure{
		{as[*failure], func(_ *Client, err error) (string, string) {
			var f *failure
			_ = errors.As(err, &f)
			return f.what, f.hint
		}},
		{is(context.DeadlineExceeded), in("", "a longer --timeout")},
		{isProxysAnswer, func(c *Client, err error) (string, string) {
			return plain(err) + ", through the proxy " + c.proxy.name(), proxyHint
		}},
		{as[*brokenError], in("", "docker version with the same address, to see if a Docker engine answers")},
		{isProxys, proxyFailure},
		{isSSH, func(c *Client, err error) (string, string) { return sshFailure(err), c.endpoint.sshHint() }},
		{isNoSocket, func(c *Client, _ error) (string, string) { return c.endpoint.noSocket() }},
		{is(os.ErrNotExist, syscall.ENOTDIR), func(c *Client, _ error) (string, string) { return "there is no such socket", c.endpoint.missingHint() }},
		{is(os.ErrPermission), func(c *Client, _ error) (string, string) { return "permission denied", c.endpoint.forbiddenHint() }},
		{is(errRefused), func(c *Client, _ error) (string, string) {
			return "connection refused", c.endpoint.socketHint("starting the engine, or another address")
		}},
		{is(errReset, errAborted, errBrokenPipe), in("the connection was reset", "the engine's log")},
		{is(errNoHost, errNoNetwork, errNoAddress), in("there is no route to it", "connecting to its network, perhaps by VPN, or another address")},
		{is(errNoAnswer), in("it does not answer", "its firewall, or another address")},
		{as[*net.DNSError], func(_ *Client, err error) (string, string) {
			var dns *net.DNSError
			_ = errors.As(err, &dns)
			return fmt.Sprintf("the name %q cannot be resolved", dns.Name), "another address"
		}},
		{isNoTLS, func(c *Client, _ error) (string, string) { return "it does not speak TLS", c.endpoint.withoutTLS() }},
		{isExpired, in("its certificate is out of date: ", "renewing the engine's certificate")},
		{as[x509.HostnameError], in("its certificate is for another name: ", "an address with a name from the certificate")},
		{isUntrusted, in("its certificate is not trusted: ", "the ca.pem of the CA that signed it, in DOCKER_CERT_PATH or the context")},
		{isAlert, func(_ *Client, err error) (string, string) {
			var alert *net.OpError
			_ = errors.As(err, &alert)
			return "it refuses this client: " + plain(alert), "a cert.pem and key.pem that it accepts, in DOCKER_CERT_PATH or the context"
		}},
		{says(`malformed HTTP response "SSH-`), in("it is an SSH server", "an address with ssh:// in place of tcp://")},
		{says("malformed HTTP", "malformed MIME header"), atWrongPort("it does not speak HTTP")},
		{is(io.EOF, io.ErrUnexpectedEOF), atWrongPort("it ended the connection without an answer")},
		{as[*net.AddrError], in("", "another address")}, // such as one of port 99999
		{says("invalid header field"), in("", "other headers in HttpHeaders of docker's config file, or "+customHeaders)},
	}
}

// is reports whether an error is one of these.
func is(targets ...error) func(*Client, error) bool {
	return func(_ *Client, err error) bool {
		for _, target := range targets {
			if errors.Is(err, target) {
				return true
			}
		}
		return false
	}
}

// as reports whether an error is of a type.
func as[T error](_ *Client, err error) bool {
	var target T
	return errors.As(err, &target)
}

// says reports whether an error has one of these texts, where it has no type.
func says(texts ...string) func(*Client, error) bool {
	return func(_ *Client, err error) bool {
		for _, text := range texts {
			if strings.Contains(err.Error(), text) {
				return true
			}
		}
		return false
	}
}

// in describes an error in these words, followed by the error's own after a colon, or if they are empty.
func in(what, hint string) func(*Client, error) (string, string) {
	return func(_ *Client, err error) (string, string) {
		if what == "" || strings.HasSuffix(what, ": ") {
			return what + plain(err), hint
		}
		return what, hint
	}
}

// atWrongPort describes in these words a server that wants TLS, wants none, or is no engine at all.
func atWrongPort(what string) func(*Client, error) (string, string) {
	return func(c *Client, _ error) (string, string) {
		switch {
		case c.endpoint.secure():
			return what, c.endpoint.withoutTLS()
		case isLocal(c.endpoint.Host):
			return what, "the engine's log, or another address"
		}
		return what, "DOCKER_TLS_VERIFY=1, if it wants TLS, or another address"
	}
}

// isProxys reports whether the proxy failed, and not the engine: no connection came about.
func isProxys(c *Client, err error) bool {
	if c.proxy == nil || c.proxy.url == nil || c.proxy.passed.Load() {
		return false
	}
	return isNoProxy(err) || !isNoTLS(c, err) && !isUntrusted(c, err) && !isAlert(c, err)
}

// isNoProxy reports whether the proxy itself could not be reached.
func isNoProxy(err error) bool {
	var connecting *net.OpError
	return errors.As(err, &connecting) && connecting.Op == "proxyconnect"
}

func proxyFailure(c *Client, err error) (what, hint string) {
	text := plain(err)
	switch {
	case isNoProxy(err):
		return fmt.Sprintf("the proxy %s cannot be reached: %s", c.proxy.name(), strings.TrimPrefix(text, "proxyconnect tcp: ")), proxyHint
	case text == http.StatusText(http.StatusProxyAuthRequired):
		hint = loginHint
	default:
		hint = proxyHint
	}
	return fmt.Sprintf("the proxy %s refuses the connection: %s", c.proxy.name(), text), hint
}

// isProxysAnswer reports whether an answer is no list of images, and may be the proxy's.
func isProxysAnswer(c *Client, err error) bool { return as[*brokenError](c, err) && c.mayBeProxys() }

func isSSH(c *Client, _ error) bool { return strings.HasPrefix(c.endpoint.Host, "ssh://") }

func isNoSocket(c *Client, _ error) bool {
	what, _ := c.endpoint.noSocket()
	return what != ""
}

func isNoTLS(c *Client, err error) bool {
	return as[tls.RecordHeaderError](c, err) || errors.Is(err, http.ErrSchemeMismatch)
}

func isExpired(_ *Client, err error) bool {
	var invalid x509.CertificateInvalidError
	return errors.As(err, &invalid) && invalid.Reason == x509.Expired
}

func isUntrusted(c *Client, err error) bool {
	return as[x509.UnknownAuthorityError](c, err) || as[x509.CertificateInvalidError](c, err) || as[*tls.CertificateVerificationError](c, err)
}

// isAlert reports whether err is an alert of the peer, as crypto/tls has it.
func isAlert(_ *Client, err error) bool {
	var alert *net.OpError
	return errors.As(err, &alert) && alert.Op == "remote error"
}

// sshFailure is what ssh itself said, which docker's connhelper has at the end of its message.
func sshFailure(err error) string {
	text := plain(err)
	head, said, found := strings.Cut(text, "stderr=")
	switch {
	case found && said != "":
		return "ssh: " + strings.TrimPrefix(strings.TrimSuffix(said, "."), "ssh: ")
	case found: // the words before it have ssh's arguments
		_, status, _ := strings.Cut(head, "has exited with ")
		status, _, _ = strings.Cut(status, ",")
		return "ssh failed without a message: " + status
	}
	return text
}
