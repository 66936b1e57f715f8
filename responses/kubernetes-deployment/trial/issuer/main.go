// Command issuer stands in for GitHub: it gives tokens as a workflow gets them, and the keys that they are checked with.
//
//	issuer HOST:PORT CERTIFICATE KEY
//
// GET /token?audience=A answers {"value": "..."}: a token for the environment that ?environment= names, which lives for
// five minutes, as GitHub's do.
package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log"
	"math/big"
	"net/http"
	"os"
	"time"
)

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: issuer HOST:PORT CERTIFICATE KEY")
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		log.Fatal(err)
	}
	url := "https://" + os.Args[1]
	answer(url, "/.well-known/openid-configuration", func(*http.Request) any {
		return map[string]any{
			"issuer":                                url,
			"jwks_uri":                              url + "/keys",
			"response_types_supported":              []string{"id_token"},
			"subject_types_supported":               []string{"public"},
			"id_token_signing_alg_values_supported": []string{"RS256"},
		}
	})
	answer(url, "/keys", func(*http.Request) any {
		return map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1",
			"n": encode(key.N.Bytes()),
			"e": encode(big.NewInt(int64(key.E)).Bytes()),
		}}}
	})
	answer(url, "/token", func(r *http.Request) any {
		return map[string]any{"value": token(key, map[string]any{
			"iss":              url,
			"aud":              r.FormValue("audience"),
			"sub":              "repo:example/toolbox:environment:" + r.FormValue("environment"),
			"repository_owner": "example",
			"iat":              time.Now().Unix(),
			"exp":              time.Now().Add(5 * time.Minute).Unix(),
		})}
	})
	log.Fatal(http.ListenAndServeTLS(os.Args[1], os.Args[2], os.Args[3], nil))
}

// answer serves a JSON document.
func answer(url, path string, document func(*http.Request) any) {
	log.Printf("serving %s%s", url, path)
	http.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(document(r)); err != nil {
			log.Print(err)
		}
	})
}

// token signs the claims: a JSON web token.
func token(key *rsa.PrivateKey, claims map[string]any) string {
	header, _ := json.Marshal(map[string]string{"alg": "RS256", "kid": "1", "typ": "JWT"}) // strings always marshal
	body, _ := json.Marshal(claims)                                                        // as do strings and numbers
	text := encode(header) + "." + encode(body)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		log.Fatal(err)
	}
	return text + "." + encode(signature)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
