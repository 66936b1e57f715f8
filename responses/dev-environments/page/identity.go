package page

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Identity is who asks, as the API server knows them.
type Identity struct {
	Username string
	Groups   []string // of teams that the page serves: nothing else is impersonated
}

// OIDC says how the proxy before the page tells who asks: by an identity token of the company's directory in a header. The claims
// and the prefix are those that the API server has, so that a person is the same from a terminal.
type OIDC struct {
	Issuer        string
	ClientID      string
	Header        string // Authorization, of oauth2-proxy; others have one of their own
	UsernameClaim string
	GroupsClaim   string
	Prefix        string // before users and groups
	Teams         []string
}

// Identify returns what checks each request. It fetches the issuer's keys.
func (o OIDC) Identify(ctx context.Context) (func(*http.Request) (Identity, error), error) {
	if o.Prefix == "" || strings.HasPrefix(o.Prefix, "system:") {
		return nil, errors.New("a prefix is needed that is none of the cluster's own: else a directory's group could be system:masters")
	}
	provider, err := oidc.NewProvider(ctx, o.Issuer)
	if err != nil {
		return nil, err
	}
	verifier := provider.Verifier(&oidc.Config{ClientID: o.ClientID})
	return func(r *http.Request) (Identity, error) {
		values := r.Header.Values(o.Header)
		if len(values) != 1 {
			return Identity{}, fmt.Errorf("%d headers %s", len(values), o.Header)
		}
		token, err := verifier.Verify(r.Context(), strings.TrimPrefix(values[0], "Bearer "))
		if err != nil {
			return Identity{}, err
		}
		claims := map[string]any{}
		if err := token.Claims(&claims); err != nil {
			return Identity{}, err
		}
		username, _ := claims[o.UsernameClaim].(string)
		if username == "" {
			return Identity{}, errors.New("the token has no " + o.UsernameClaim)
		}
		if verified, is := claims["email_verified"].(bool); o.UsernameClaim == "email" && is && !verified {
			return Identity{}, errors.New("the token's email is not verified")
		}
		identity := Identity{Username: o.Prefix + username}
		groups, _ := claims[o.GroupsClaim].([]any)
		for _, group := range groups {
			name, _ := group.(string)
			if team, ok := strings.CutPrefix(name, "team-"); ok && slices.Contains(o.Teams, team) {
				identity.Groups = append(identity.Groups, o.Prefix+name)
			}
		}
		return identity, nil
	}, nil
}
