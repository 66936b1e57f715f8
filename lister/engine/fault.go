package engine

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
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

// isPlain reports whether TLS met a server that does not speak it.
func (f fault) isPlain() bool {
	return has[tls.RecordHeaderError](f) || f.matches(http.ErrSchemeMismatch)
}

func (f fault) isUntrusted() bool {
	return has[x509.UnknownAuthorityError](f) || has[x509.CertificateInvalidError](f) || has[*tls.CertificateVerificationError](f)
}

// isAlert reports whether the error is an alert of the peer, as crypto/tls returns it.
func (f fault) isAlert() bool {
	alert, ok := errors.AsType[*net.OpError](f.err)
	return ok && alert.Op == "remote error"
}

// Windows has these numbers of its own. The package syscall has the names of Unix there, but gives them to nothing.
const (
	wsaNoAddress = syscall.Errno(10049) // WSAEADDRNOTAVAIL
	wsaNoNetwork = syscall.Errno(10051) // WSAENETUNREACH
	wsaAborted   = syscall.Errno(10053) // WSAECONNABORTED
	wsaReset     = syscall.Errno(10054) // WSAECONNRESET
	wsaNoAnswer  = syscall.Errno(10060) // WSAETIMEDOUT
	wsaRefused   = syscall.Errno(10061) // WSAECONNREFUSED
	wsaNoHost    = syscall.Errno(10065) // WSAEHOSTUNREACH
)
