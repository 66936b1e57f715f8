package engine

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// A failure is a kind of error, and whether a fault is of that kind.
type failure struct {
	name       string
	fits       bool
	what, hint string
}

const (
	tryLog     = "the engine's log"
	tryVersion = "docker version with the same address, to see if a Docker engine answers"
	tryAddress = "another address"
	tryNoProxy = "NO_PROXY with the engine's host, to go without the proxy, or another HTTP_PROXY or HTTPS_PROXY"
	tryLogin   = "HTTP_PROXY or HTTPS_PROXY with a name and a password, or NO_PROXY with the engine's host"
	tryCert    = "a cert.pem and key.pem that it accepts, in DOCKER_CERT_PATH or the context"
	tryCA      = "the ca.pem of the CA that signed it, in DOCKER_CERT_PATH or the context"
	tryDebug   = "--log-level DEBUG, to see how far it got"
)

// diagnose returns the first failure that fits, on the way from here to the list.
func (f fault) diagnose() failure {
	if own, ok := errors.AsType[*endpoint.Failure](f.err); ok {
		return failure{"endpoint", true, own.What, own.Hint}
	}
	all := slices.Concat(f.setup(), f.status(), f.answer(), f.proxied(), f.socket(), f.network(), f.tls(), f.protocol())
	if i := slices.IndexFunc(all, func(known failure) bool { return known.fits }); i >= 0 {
		return all[i]
	}
	return failure{"unknown", true, f.text, tryDebug}
}

// setup returns the failures before a request is sent, and the one of all steps: that time is up.
func (f fault) setup() []failure {
	setup := has[*setupError](f)
	return []failure{
		{"timeout", f.matches(context.DeadlineExceeded), f.text, "a longer --timeout"},
		{"long path", setup && f.contains("is too long"), "the path of its socket is too long", "a symbolic link to it with a short path"},
		{
			"TLS files", setup && f.endpoint.IsSecure(), strings.TrimPrefix(f.text, "failed to retrieve context tls info: "),
			"valid ca.pem, cert.pem and key.pem files in DOCKER_CERT_PATH or the context",
		},
		{"address", setup, f.text, tryAddress},
	}
}

// status returns the failures that an answer reports by its status.
func (f fault) status() []failure {
	answered, ok := errors.AsType[*statusError](f.err)
	if !ok {
		return nil
	}
	code, set := answered.code, f.endpoint.APIVersion != ""
	what, proxied := "it "+f.text, f.proxy != "" && !answered.byEngine
	proxySays := "the proxy " + f.proxy + " " + f.text
	return []failure{
		{"proxy's login", proxied && code == http.StatusProxyAuthRequired, proxySays, tryLogin},
		{"proxy's status", proxied, proxySays, tryNoProxy},
		{"TLS only", f.contains("HTTP request to an HTTPS server"), "it speaks TLS only", "DOCKER_TLS_VERIFY=1"},
		{"version set", set && f.contains("is too old", "is too new"), what, "again without " + endpoint.VersionVariable},
		{"new engine", f.contains("is too old"), what, "a newer dkr-ls: the engine is too new for this one"},
		{"forbidden", code == http.StatusForbidden, what, "a proxy that allows GET /_ping and GET /images/json"},
		{"unauthorized", code == http.StatusUnauthorized, what, "credentials in HttpHeaders of docker's config file, or in " + endpoint.HeadersVariable},
		{"not found", code == http.StatusNotFound, what, "the address of the engine itself, without a path"},
		{"login", code == http.StatusProxyAuthRequired, what, tryLogin},
		{"too many requests", code == http.StatusTooManyRequests, what, "again in a minute"},
		{"redirect", code >= 300 && code < 400, what, "the address of the engine itself"},
		{"engine", code >= 500, what, tryLog},
		{"status", true, what, tryVersion},
	}
}

// answer returns the failures of an answer that is not a list of images.
func (f fault) answer() []failure {
	broken := has[*brokenError](f)
	return []failure{
		{"proxy's answer", broken && f.proxy != "", f.text + ", through the proxy " + f.proxy, tryNoProxy},
		{"answer", broken, f.text, tryVersion},
	}
}

// proxied returns the failures of a proxy, where no connection to the engine came about.
func (f fault) proxied() []failure {
	connecting, ok := errors.AsType[*net.OpError](f.err)
	unreached := f.proxy != "" && ok && connecting.Op == "proxyconnect"
	refused := f.proxy != "" && !f.isPlain() && !f.isUntrusted() && !f.isAlert()
	refusal := fmt.Sprintf("the proxy %s refuses the connection: %s", f.proxy, f.text)
	return []failure{
		{"proxy's address", unreached, fmt.Sprintf("the proxy %s cannot be reached: %s", f.proxy, strings.TrimPrefix(f.text, "proxyconnect tcp: ")), tryNoProxy},
		{"proxy's login", refused && f.text == http.StatusText(http.StatusProxyAuthRequired), refusal, tryLogin},
		{"proxy's refusal", refused, refusal, tryNoProxy},
	}
}

// socket returns the failures of ssh and of the engine's socket.
func (f fault) socket() []failure {
	ep := f.endpoint
	other, hint := notSocket(ep)
	return []failure{
		{"ssh", strings.HasPrefix(ep.Host, "ssh://"), sshMessage(f.text), sshHint(ep.Host)},
		{"no socket", other != "", other, hint},
		{"missing socket", f.matches(os.ErrNotExist, syscall.ENOTDIR), "there is no such socket", missingHint(ep)},
		{"forbidden socket", f.matches(os.ErrPermission), "permission denied", forbiddenHint(ep)},
	}
}

// network returns the failures of connections.
func (f fault) network() []failure {
	unresolved, _ := errors.AsType[*net.DNSError](f.err)
	if unresolved == nil {
		unresolved = &net.DNSError{}
	}
	return []failure{
		{"refused", f.matches(syscall.ECONNREFUSED, wsaRefused), "connection refused", socketHint(f.endpoint, "starting the engine, or "+tryAddress)},
		{"reset", f.matches(syscall.ECONNRESET, syscall.ECONNABORTED, syscall.EPIPE, wsaReset, wsaAborted), "the connection was reset", tryLog},
		{
			"no route", f.matches(syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EADDRNOTAVAIL, wsaNoHost, wsaNoNetwork, wsaNoAddress),
			"there is no route to it", "connecting to its network, perhaps by VPN, or " + tryAddress,
		},
		{"no answer", f.matches(syscall.ETIMEDOUT, wsaNoAnswer), "it does not answer", "its firewall, or " + tryAddress},
		{"name", has[*net.DNSError](f), fmt.Sprintf("the name %q cannot be resolved", unresolved.Name), tryAddress},
	}
}

// tls returns the failures of TLS, by either side.
func (f fault) tls() []failure {
	invalid, _ := errors.AsType[x509.CertificateInvalidError](f.err)
	alert, _ := errors.AsType[*net.OpError](f.err)
	return []failure{
		{"no TLS", f.isPlain(), "it does not speak TLS", withoutTLS(f.endpoint)},
		{"expired", invalid.Reason == x509.Expired, "its certificate is out of date: " + f.text, "renewing the engine's certificate"},
		{"other name", has[x509.HostnameError](f), "its certificate is for another name: " + f.text, "an address with a name from the certificate"},
		{"untrusted", f.isUntrusted(), "its certificate is not trusted: " + f.text, tryCA},
		{"alert", f.isAlert(), fmt.Sprintf("it refuses this client: %v", alert), tryCert},
	}
}

// protocol returns the failures of a server that speaks another protocol, or is no engine.
func (f fault) protocol() []failure {
	other := "DOCKER_TLS_VERIFY=1, if it wants TLS, or " + tryAddress
	switch {
	case f.endpoint.IsSecure():
		other = withoutTLS(f.endpoint)
	case f.endpoint.IsLocal():
		other = "the engine's log, or " + tryAddress
	}
	return []failure{
		{"SSH", f.contains(`malformed HTTP response "SSH-`), "it is an SSH server", "an address with ssh:// in place of tcp://"},
		{"no HTTP", f.contains("malformed HTTP", "malformed MIME header"), "it does not speak HTTP", other},
		{"hung up", f.matches(io.EOF, io.ErrUnexpectedEOF), "it ended the connection without an answer", other},
		{"port", has[*net.AddrError](f), f.text, tryAddress}, // such as 99999
		{"header", f.contains("invalid header field"), f.text, "other headers in HttpHeaders of docker's config file, or " + endpoint.HeadersVariable},
	}
}
