package suite

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// startNameServer starts BIND for the zone, where a signed update is the only way in.
func startNameServer(directory string) {
	GinkgoHelper()
	write := func(name, text string) {
		GinkgoHelper()
		Expect(os.WriteFile(filepath.Join(directory, name), []byte(text), 0o600)).To(Succeed())
	}
	write("zone", `$TTL 30
@ SOA ns1 hostmaster 1 60 60 600 30
@ NS ns1
ns1 A 10.99.0.1
handmade A 192.0.2.1
`)
	write("named.conf", fmt.Sprintf(`
key external-dns { algorithm hmac-sha256; secret "%s"; };
options {
  directory "%s";
  pid-file none;
  session-keyfile none;
  listen-on { 10.99.0.1; };
  listen-on-v6 { none; };
  recursion no;
};
controls { };
zone dev.example.com {
  type primary;
  file "zone";
  update-policy { grant external-dns zonesub ANY; };
  allow-transfer { key external-dns; };
};
`, tsigSecret, directory))
	start("named", "-g", "-c", filepath.Join(directory, "named.conf"))
	Eventually(func() (string, error) {
		return run(nil, "", "dig", "+short", "+tries=1", "+timeout=1", "@10.99.0.1", "handmade.dev.example.com")
	}).Should(Equal("192.0.2.1"))
}

// A test's, for a zone that goes with it.
const tsigSecret = "dGhpcyBpcyBub3QgYSBzZWNyZXQgb2YgYW55Ym9keQ=="

// startExternalDNS starts it with the flags and the rights that ../../deploy gives it.
func startExternalDNS() {
	GinkgoHelper()
	manifest := part("dns.yaml", "--set", "dns.enabled=true")
	rights, deployment, found := strings.Cut(manifest, "apiVersion: apps/v1")
	Expect(found).To(BeTrue())
	apply(rights)
	DeferCleanup(func() {
		_, err := run(nil, rights, "kubectl", "delete", "--ignore-not-found", "-f", "-")
		Expect(err).NotTo(HaveOccurred())
	})

	flags := []string{"--kubeconfig=" + as("system:serviceaccount:platform:external-dns", "system:serviceaccounts")}
	for _, flag := range regexp.MustCompile(`(?m)^ +- "?(--[^"\s]+)`).FindAllStringSubmatch(deployment, -1) {
		flags = append(flags, flag[1])
	}
	GinkgoT().Setenv("EXTERNAL_DNS_RFC2136_HOST", "10.99.0.1")
	GinkgoT().Setenv("EXTERNAL_DNS_RFC2136_PORT", "53")
	GinkgoT().Setenv("EXTERNAL_DNS_RFC2136_TSIG_SECRET", tsigSecret)
	start("external-dns", flags...)
}
