package page

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/go-jose/go-jose/v4"
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

// issuer is a company's directory: it has a key, and signs who people are.
type issuer struct {
	*httptest.Server
	key *rsa.PrivateKey
}

func newIssuer() *issuer {
	GinkgoHelper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	Expect(err).NotTo(HaveOccurred())
	i := &issuer{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"issuer": %q, "jwks_uri": %q}`, i.URL, i.URL+"/keys")
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1", Algorithm: "RS256"}}})
	})
	i.Server = httptest.NewServer(mux)
	DeferCleanup(i.Close)
	return i
}

// token is signed with the key; more replaces claims of jane.doe's.
func (i *issuer) token(key *rsa.PrivateKey, more map[string]any) string {
	GinkgoHelper()
	claims := map[string]any{"iss": i.URL, "aud": "dev-environments", "sub": "1", "exp": time.Now().Add(time.Hour).Unix(),
		"email": "jane.doe@example.com", "email_verified": true, "groups": []string{"team-web", "staff", "system:masters"}}
	maps.Copy(claims, more)
	content, err := json.Marshal(claims)
	Expect(err).NotTo(HaveOccurred())
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "1"}}, nil)
	Expect(err).NotTo(HaveOccurred())
	signed, err := signer.Sign(content)
	Expect(err).NotTo(HaveOccurred())
	token, err := signed.CompactSerialize()
	Expect(err).NotTo(HaveOccurred())
	return token
}

var _ = Describe("an identity", func() {
	var i *issuer
	var identify func(*http.Request) (Identity, error)
	oidc := func() OIDC {
		return OIDC{Issuer: i.URL, ClientID: "dev-environments", Header: "Authorization", UsernameClaim: "email", GroupsClaim: "groups", Prefix: "oidc:"}
	}
	with := func(tokens ...string) (Identity, error) {
		r := httptest.NewRequest("GET", "/", nil)
		for _, token := range tokens {
			r.Header.Add("Authorization", "Bearer "+token)
		}
		return identify(r)
	}
	BeforeEach(func(ctx SpecContext) {
		i = newIssuer()
		var err error
		identify, err = oidc().Identify(ctx)
		Expect(err).NotTo(HaveOccurred())
	})

	It("is the token's person, with the groups that are teams and no other", func() {
		Expect(with(i.token(i.key, nil))).To(Equal(Identity{Username: "oidc:jane.doe@example.com", Groups: []string{"oidc:team-web"}}))
	})

	DescribeTable("is nobody's", func(message string, tokens func() []string) {
		_, err := with(tokens()...)
		Expect(err).To(MatchError(ContainSubstring(message)))
	},
		Entry("without a token", "0 headers", func() []string { return nil }),
		Entry("with two", "2 headers", func() []string { return []string{i.token(i.key, nil), i.token(i.key, nil)} }),
		Entry("with a key that is not the directory's", "failed to verify signature", func() []string {
			key, err := rsa.GenerateKey(rand.Reader, 2048)
			Expect(err).NotTo(HaveOccurred())
			return []string{i.token(key, nil)}
		}),
		Entry("without a signature", "", func() []string {
			return []string{"eyJhbGciOiJub25lIn0.eyJlbWFpbCI6ImphbmVAZXhhbXBsZS5jb20ifQ."}
		}),
		Entry("for another client", "audience", func() []string { return []string{i.token(i.key, map[string]any{"aud": "other"})} }),
		Entry("of another issuer", "issued by a different provider", func() []string { return []string{i.token(i.key, map[string]any{"iss": "https://other"})} }),
		Entry("that is over", "expired", func() []string {
			return []string{i.token(i.key, map[string]any{"exp": time.Now().Add(-time.Hour).Unix()})}
		}),
		Entry("with a mail address that is not verified", "not verified", func() []string { return []string{i.token(i.key, map[string]any{"email_verified": false})} }),
		Entry("without a name", "the token has no email", func() []string { return []string{i.token(i.key, map[string]any{"email": ""})} }),
	)

	It("needs a prefix that is none of the cluster's own", func(ctx SpecContext) {
		for _, prefix := range []string{"", "system:"} {
			o := oidc()
			o.Prefix = prefix
			_, err := o.Identify(ctx)
			Expect(err).To(MatchError(ContainSubstring("a prefix is needed")))
		}
	})
})
