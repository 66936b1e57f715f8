// Command lab is a TLS server whose two delays are known: one in the handshake, one in the backend.
// It exists to prove that where-is-the-time.sh puts each of them where it belongs.
package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"flag"
	"fmt"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	handshake := flag.Duration("handshake", 0, "added to every TLS handshake")
	backend := flag.Duration("backend", 0, "added to every response")
	key := flag.String("key", "ecdsa", "certificate key: ecdsa (P-256) or rsa (2048)")
	caFile := flag.String("ca", "", "write the certificate here, for curl --cacert")
	flag.Parse()
	if err := run(*handshake, *backend, *key, *caFile); err != nil {
		log.Fatal(err)
	}
}

func run(handshake, backend time.Duration, key, caFile string) error {
	certificate, err := selfSigned(key)
	if err != nil {
		return err
	}
	pemBytes := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]})
	if err := os.WriteFile(caFile, pemBytes, 0o600); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	config := &tls.Config{
		MinVersion:   tls.VersionTLS12,
		Certificates: []tls.Certificate{certificate},
		NextProtos:   []string{"http/1.1"},
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			time.Sleep(handshake)
			return nil, nil
		},
	}
	// The check reads the address from the first line.
	fmt.Printf("https://%s/\n", listener.Addr())
	server := &http.Server{
		ReadHeaderTimeout: 5 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(backend)
			fmt.Fprintln(w, "ok")
		}),
	}
	return server.Serve(tls.NewListener(listener, config))
}

func selfSigned(kind string) (tls.Certificate, error) {
	private, err := newKey(kind)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "lab"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private}, err
}

func newKey(kind string) (crypto.Signer, error) {
	switch kind {
	case "ecdsa":
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "rsa":
		return rsa.GenerateKey(rand.Reader, 2048)
	}
	return nil, fmt.Errorf("no such key kind: %s", kind)
}
