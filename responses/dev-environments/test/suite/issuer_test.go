package suite

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// trustDirectory starts a company's directory, which the API server trusts until the container ends. It returns a function for a
// person's token; the API server looks at its file once a minute.
func trustDirectory() func(email string, groups ...string) string {
	GinkgoHelper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	Expect(err).NotTo(HaveOccurred())
	directory := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "1", Algorithm: oidc.RS256}}}
	server := httptest.NewTLSServer(directory)
	DeferCleanup(server.Close)
	directory.SetIssuer(server.URL)

	const trust = "/etc/kubernetes/authentication.yaml"
	before, err := os.ReadFile(trust)
	Expect(err).NotTo(HaveOccurred())
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	Expect(os.WriteFile(trust, fmt.Appendf(nil, `
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
  - issuer:
      url: %q
      audiences: [dev-environments]
      certificateAuthority: |
        %s
    claimMappings:
      username: {claim: email, prefix: "oidc:"}
      groups: {claim: groups, prefix: "oidc:"}
`, server.URL, strings.ReplaceAll(strings.TrimSpace(authority), "\n", "\n        ")), 0o600)).To(Succeed())
	DeferCleanup(os.WriteFile, trust, before, os.FileMode(0o600))

	return func(email string, groups ...string) string {
		claims, _ := json.Marshal(map[string]any{"iss": server.URL, "aud": "dev-environments", "sub": "1", "exp": time.Now().Add(time.Hour).Unix(),
			"email": email, "email_verified": true, "groups": groups}) // text, numbers and lists of text
		return oidctest.SignIDToken(key, "1", oidc.RS256, string(claims))
	}
}
