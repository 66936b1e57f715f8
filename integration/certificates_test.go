package integration_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// authority is a certificate authority that lives as long as a spec.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// pair is a certificate and its key, each as PEM.
type pair struct{ Certificate, Key []byte }

func newAuthority(name string) authority {
	GinkgoHelper()
	template := &x509.Certificate{
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		Subject: pkix.Name{CommonName: name},
	}
	key := validFrom(template, time.Now().Add(-time.Hour))
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	Expect(err).NotTo(HaveOccurred())
	certificate, err := x509.ParseCertificate(der)
	Expect(err).NotTo(HaveOccurred())
	return authority{certificate, key}
}

// validFrom makes a certificate's template valid for a day from a time on, and a key for it.
func validFrom(template *x509.Certificate, start time.Time) *ecdsa.PrivateKey {
	GinkgoHelper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	Expect(err).NotTo(HaveOccurred())
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.NotBefore, template.NotAfter = start, start.AddDate(0, 0, 1)
	return key
}

// server makes a certificate for an engine on loopback, by the name engine.test too, that is valid
// for a day from a time on.
func (a authority) server(start time.Time) pair {
	GinkgoHelper()
	return a.sign(&x509.Certificate{
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"engine.test"},
	}, start)
}

// serverFor makes a certificate for an engine that has nothing but this name.
func (a authority) serverFor(name string) pair {
	GinkgoHelper()
	return a.sign(&x509.Certificate{
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: []string{name},
	}, time.Now().Add(-time.Hour))
}

// client makes a certificate for a client of an engine.
func (a authority) client() pair {
	GinkgoHelper()
	return a.sign(&x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}, time.Now().Add(-time.Hour))
}

func (a authority) sign(template *x509.Certificate, start time.Time) pair {
	GinkgoHelper()
	key := validFrom(template, start)
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	Expect(err).NotTo(HaveOccurred())
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	Expect(err).NotTo(HaveOccurred())
	return pair{asPEM("CERTIFICATE", der), asPEM("PRIVATE KEY", pkcs8)}
}

// PEM is the authority's certificate.
func (a authority) PEM() []byte { return asPEM("CERTIFICATE", a.certificate.Raw) }

func (a authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// tls returns the pair as Go's TLS takes it.
func (p pair) tls() []tls.Certificate {
	GinkgoHelper()
	certificate, err := tls.X509KeyPair(p.Certificate, p.Key)
	Expect(err).NotTo(HaveOccurred())
	return []tls.Certificate{certificate}
}

func asPEM(kind string, der []byte) []byte {
	var text bytes.Buffer
	_ = pem.Encode(&text, &pem.Block{Type: kind, Bytes: der}) // a buffer takes all
	return text.Bytes()
}

// certificates makes a folder as DOCKER_CERT_PATH names it. Without content, a file is left out.
func certificates(ca []byte, client pair) string {
	GinkgoHelper()
	dir := GinkgoT().TempDir()
	for name, content := range map[string][]byte{"ca.pem": ca, "cert.pem": client.Certificate, "key.pem": client.Key} {
		if content != nil {
			Expect(os.WriteFile(filepath.Join(dir, name), content, 0o600)).To(Succeed())
		}
	}
	return dir
}
