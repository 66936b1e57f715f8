package page

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"dev-environments.test/test/issuer"
)

var _ = Describe("an identity", func() {
	var i *issuer.Issuer
	var identify func(*http.Request) (Identity, error)
	oidc := func() OIDC {
		return OIDC{Issuer: i.URL, ClientID: "dev-environments", Header: "Authorization", UsernameClaim: "email", GroupsClaim: "groups", Prefix: "oidc:", Teams: []string{"web", "data"}}
	}
	token := func(key *rsa.PrivateKey, claims map[string]any) string {
		GinkgoHelper()
		token, err := i.Token(key, claims)
		Expect(err).NotTo(HaveOccurred())
		return token
	}
	with := func(tokens ...string) (Identity, error) {
		r := httptest.NewRequest("GET", "/", nil)
		for _, token := range tokens {
			r.Header.Add("Authorization", "Bearer "+token)
		}
		return identify(r)
	}
	BeforeEach(func(ctx SpecContext) {
		var err error
		i, err = issuer.New()
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(i.Close)
		identify, err = oidc().Identify(ctx)
		Expect(err).NotTo(HaveOccurred())
	})

	It("is the token's person, with the groups that are teams and no other", func() {
		Expect(with(token(i.Key, nil))).To(Equal(Identity{Username: "oidc:jane.doe@example.com", Groups: []string{"oidc:team-web"}}))
		By("not a team of the directory that the page may not act as: the API server would refuse the whole person")
		Expect(with(token(i.Key, map[string]any{"groups": []string{"team-sales", "team-data"}}))).To(HaveField("Groups", []string{"oidc:team-data"}))
	})

	DescribeTable("is nobody's", func(message string, tokens func() []string) {
		_, err := with(tokens()...)
		Expect(err).To(MatchError(ContainSubstring(message)))
	},
		Entry("without a token", "0 headers", func() []string { return nil }),
		Entry("with two", "2 headers", func() []string { return []string{token(i.Key, nil), token(i.Key, nil)} }),
		Entry("with a key that is not the directory's", "failed to verify signature", func() []string {
			key, err := rsa.GenerateKey(rand.Reader, 2048)
			Expect(err).NotTo(HaveOccurred())
			return []string{token(key, nil)}
		}),
		Entry("without a signature", "", func() []string {
			return []string{"eyJhbGciOiJub25lIn0.eyJlbWFpbCI6ImphbmVAZXhhbXBsZS5jb20ifQ."}
		}),
		Entry("for another client", "audience", func() []string { return []string{token(i.Key, map[string]any{"aud": "other"})} }),
		Entry("of another issuer", "issued by a different provider", func() []string { return []string{token(i.Key, map[string]any{"iss": "https://other"})} }),
		Entry("that is over", "expired", func() []string {
			return []string{token(i.Key, map[string]any{"exp": time.Now().Add(-time.Hour).Unix()})}
		}),
		Entry("with a mail address that is not verified", "not verified", func() []string { return []string{token(i.Key, map[string]any{"email_verified": false})} }),
		Entry("without a name", "the token has no email", func() []string { return []string{token(i.Key, map[string]any{"email": ""})} }),
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
