// Package issuer is a company's directory for tests: it has a key, and signs who people are.
package issuer

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
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
	i := &Issuer{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"issuer": %q, "jwks_uri": %q, "id_token_signing_alg_values_supported": ["RS256"]}`, i.URL, i.URL+"/keys")
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1", Algorithm: "RS256"}}})
	})
	i.Server = httptest.NewTLSServer(mux)
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
func (i *Issuer) Token(claims map[string]any) (string, error) {
	all := map[string]any{"iss": i.URL, "aud": "dev-environments", "sub": "1", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
		"email": "jane.doe@example.com", "email_verified": true, "groups": []string{"team-web", "staff", "system:masters"}}
	maps.Copy(all, claims)
	content, err := json.Marshal(all)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: i.key, KeyID: "1"}}, nil)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(content)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}
