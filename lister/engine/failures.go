package engine

import (
	"cmp"
	"context"
	"crypto/tls"
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

// A fault is an error of a request or of a client's setup, with what is known of it.
type fault struct {
	endpoint endpoint.Endpoint
	err      error
	text     string // of err, on one line
	proxy    string // the address of the proxy that may be to blame; "": none
}

// A failure is what a fault may be: whether it is, what failed then, and one thing to try.
type failure struct {
	fits       bool
	what, hint string
}

const (
	tryLog        = "the engine's log"
	tryVersion    = "docker version with the same address, to see if a Docker engine answers"
	tryAddress    = "another address"
	tryStart      = "starting the engine"
	tryGroup      = `docker run --group-add "$(stat -c %g /var/run/docker.sock)", or with SELinux --security-opt label=disable`
	tryNetwork    = "its network and firewall, or " + tryAddress
	tryNoProxy    = "NO_PROXY with the engine's host, to go without the proxy, or another HTTP_PROXY or HTTPS_PROXY"
	tryLogin      = "HTTP_PROXY or HTTPS_PROXY with a name and a password, or NO_PROXY with the engine's host"
	tryCert       = "a cert.pem and key.pem that it accepts, in DOCKER_CERT_PATH or the context"
	tryCA         = "the ca.pem of the CA that signed it, in DOCKER_CERT_PATH or the context"
	tryFiles      = "valid ca.pem, cert.pem and key.pem files in DOCKER_CERT_PATH or the context"
	tryContainers = "a proxy that allows GET /containers/json as well, such as one with CONTAINERS=1"
	tryHeaders    = "other headers in HttpHeaders of docker's config file, or " + endpoint.HeadersVariable
	tryDebug      = "--log-level DEBUG, to see how far it got"
)

// diagnose returns the first failure that fits, on the way from here to the list.
func (f fault) diagnose() failure {
	if own, ok := errors.AsType[*endpoint.Failure](f.err); ok {
		return failure{true, own.What, own.Hint}
	}
	all := slices.Concat(f.setup(), f.answer(), f.handshake(), f.socket(), f.network())
	if i := slices.IndexFunc(all, func(known failure) bool { return known.fits }); i >= 0 {
		return all[i]
	}
	return failure{true, f.text, tryDebug}
}

// setup returns the failures before a request is sent, and the one of all steps: that time is up.
func (f fault) setup() []failure {
	setup := has[*setupError](f)
	return []failure{
		{f.matches(context.DeadlineExceeded), f.text, "a longer --timeout"},
		{setup && f.endpoint.IsSecure(), strings.TrimPrefix(f.text, "failed to retrieve context tls info: "), tryFiles},
		{setup, f.text, tryAddress},
	}
}

// answer returns the failures of an answer: by its status, or as it is not a list.
func (f fault) answer() []failure {
	answered, ok := errors.AsType[*statusError](f.err)
	if !ok {
		broken := has[*brokenError](f)
		return []failure{
			{broken && f.proxy != "", f.text + ", through the proxy " + f.proxy, tryNoProxy},
			{broken, f.text, tryVersion},
		}
	}
	code, what, byProxy := answered.code, "it "+f.text, f.proxy != "" && !answered.byEngine
	if byProxy {
		what = "the proxy " + f.proxy + " " + f.text
	}
	return []failure{
		{code == http.StatusProxyAuthRequired, what, tryLogin},
		{byProxy, what, tryNoProxy},
		{f.contains("HTTP request to an HTTPS server"), "it speaks TLS only", "DOCKER_TLS_VERIFY=1"},
		{f.endpoint.APIVersion != "" && f.contains("is too old", "is too new"), what, "again without " + endpoint.VersionVariable},
		{f.contains("is too old"), what, "a newer dkr-ls: the engine is too new for this one"},
		{code == http.StatusForbidden && strings.HasSuffix(answered.path, "/containers/json"), what, tryContainers},
		{code == http.StatusForbidden, what, "a proxy that allows GET /_ping and GET /images/json"},
		{code == http.StatusUnauthorized, what, "credentials in HttpHeaders of docker's config file, or in " + endpoint.HeadersVariable},
		{code == http.StatusNotFound, what, "the address of the engine itself, without a path"},
		{code >= 300 && code < 400, what, "the address of the engine itself"},
		{code >= 500, what, tryLog},
		{true, what, tryVersion},
	}
}

// handshake returns the failures of a proxy and of TLS, by either side.
func (f fault) handshake() []failure {
	invalid, _ := errors.AsType[x509.CertificateInvalidError](f.err)
	untrusted := has[x509.UnknownAuthorityError](f) || has[x509.CertificateInvalidError](f) || has[*tls.CertificateVerificationError](f)
	unreached := fmt.Sprintf("the proxy %s cannot be reached: %s", f.proxy, strings.TrimPrefix(f.text, "proxyconnect tcp: "))
	refusal := fmt.Sprintf("the proxy %s refuses the connection: %s", f.proxy, f.text)
	return []failure{
		{f.proxy != "" && f.operation() == "proxyconnect", unreached, tryNoProxy},
		{has[tls.RecordHeaderError](f) || f.matches(http.ErrSchemeMismatch), "it does not speak TLS", f.withoutTLS()},
		{invalid.Reason == x509.Expired, "its certificate is out of date: " + f.text, "renewing the engine's certificate"},
		{has[x509.HostnameError](f), "its certificate is for another name: " + f.text, "an address with a name from the certificate"},
		{untrusted, "its certificate is not trusted: " + f.text, tryCA},
		{f.operation() == "remote error", "it refuses this client: " + f.text, tryCert}, // an alert, as crypto/tls returns it
		{f.proxy != "" && f.text == http.StatusText(http.StatusProxyAuthRequired), refusal, tryLogin},
		{f.proxy != "", refusal, tryNoProxy}, // no connection to the engine came about
	}
}

// socket returns the failures of ssh and of the engine's socket.
func (f fault) socket() []failure {
	ep := f.endpoint
	other, hint := notSocket(ep)
	return []failure{
		{strings.HasPrefix(ep.Host, "ssh://"), sshMessage(f.text), sshHint(ep.Host)},
		{other != "", other, hint},
		{f.matches(os.ErrNotExist, syscall.ENOTDIR), "there is no such socket", socketHint(ep, mountHint(ep), tryStart+", or --host for another address")},
		{f.matches(os.ErrPermission), "permission denied", socketHint(ep, tryGroup, "sudo, or a user in the group that owns the socket")},
	}
}

// refusedOnWindows is a refused connection on Windows, where syscall.ECONNREFUSED is a number that Go made up.
const refusedOnWindows = syscall.Errno(10061) // WSAECONNREFUSED

// network returns the failures of connections, and of servers that speak another protocol.
func (f fault) network() []failure {
	unresolved, ok := errors.AsType[*net.DNSError](f.err)
	if !ok {
		unresolved = &net.DNSError{}
	}
	other := "DOCKER_TLS_VERIFY=1, if it wants TLS, or " + tryAddress
	switch {
	case f.endpoint.IsSecure():
		other = f.withoutTLS()
	case f.endpoint.IsLocal():
		other = tryLog + ", or " + tryAddress
	}
	return []failure{
		{f.matches(syscall.ECONNREFUSED, refusedOnWindows), "connection refused", socketHint(f.endpoint, tryStart+", or "+tryAddress, tryStart+", or "+tryAddress)},
		{ok, fmt.Sprintf("the name %q cannot be resolved", unresolved.Name), tryAddress},
		{f.operation() == "dial", f.text, tryNetwork},
		{f.contains("malformed HTTP", "malformed MIME header"), "it does not speak HTTP", other},
		{f.matches(io.EOF, io.ErrUnexpectedEOF), "it ended the connection without an answer", other},
		{f.operation() != "", f.text, tryLog}, // such as a reset
		{f.contains("invalid header field"), f.text, tryHeaders},
	}
}

// matches reports whether the error is one of these.
func (f fault) matches(targets ...error) bool {
	return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(f.err, target) })
}

// has reports whether the error is of a type.
func has[T error](f fault) bool {
	_, ok := errors.AsType[T](f.err)
	return ok
}

// contains reports whether the error has one of these texts, where it has no type.
func (f fault) contains(texts ...string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(f.text, text) })
}

// operation returns what a connection failed to do, by the name that the package net has for it; "": nothing.
func (f fault) operation() string {
	if failed, ok := errors.AsType[*net.OpError](f.err); ok {
		return failed.Op
	}
	return ""
}

// withoutTLS returns what to try where TLS is on and should not be.
func (f fault) withoutTLS() string {
	return cmp.Or(f.endpoint.MeantOff, "again without DOCKER_TLS_VERIFY, DOCKER_TLS or the context's TLS material")
}
