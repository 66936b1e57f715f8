// Package issuer is a company's directory for tests: it has a key, and signs who people are.
package issuer

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"
)

// Issuer serves OpenID Connect's discovery and its key, until it is closed.
type Issuer struct {
	*httptest.Server
	key *rsa.PrivateKey
}

// New starts one.
func New() (*Issuer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	directory := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: key.Public(), KeyID: "1", Algorithm: oidc.RS256}}}
	i := &Issuer{httptest.NewTLSServer(directory), key}
	directory.SetIssuer(i.URL)
	return i, nil
}

// AuthenticationConfig is what an API server reads with --authentication-config, to trust the issuer. Anonymous requests are as ever.
func (i *Issuer) AuthenticationConfig() string {
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: i.Certificate().Raw}))
	return fmt.Sprintf(`
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
`, i.URL, strings.ReplaceAll(strings.TrimSpace(authority), "\n", "\n        "))
}

// Token is jane.doe's for an hour; claims replaces some.
func (i *Issuer) Token(claims map[string]any) string {
	all := map[string]any{"iss": i.URL, "aud": "dev-environments", "sub": "1", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
		"email": "jane.doe@example.com", "email_verified": true, "groups": []string{"team-web", "staff", "system:masters"}}
	maps.Copy(all, claims)
	content, _ := json.Marshal(all) // text, numbers and lists of text
	return oidctest.SignIDToken(i.key, "1", oidc.RS256, string(content))
}
