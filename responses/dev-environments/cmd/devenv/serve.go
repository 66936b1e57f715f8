package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/spf13/cobra"
	_ "golang.org/x/crypto/x509roots/fallback" // its image has no file of authorities, and the directory's address is https
	"k8s.io/client-go/rest"

	"dev-environments.test/environments"
	"dev-environments.test/page"
)

func serve() *cobra.Command {
	var listen, prometheus string
	var identity page.OIDC
	command := &cobra.Command{
		Use:   "serve",
		Short: "Serve the web page (the platform's team)",
		Long: `Serve the web page: the form, what one has, and what it uses.

It has to be behind a proxy that logs people in and passes on their identity token of the company's directory: oauth2-proxy with
--pass-authorization-header, or any other with a header of its own. The token's signature, issuer, audience and expiry are checked.
The page then acts as that person, by impersonation: RBAC, quotas and admission policies decide.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			identify, err := identity.Identify(c.Context())
			if err != nil {
				return err
			}
			config, err := kubeconfig()
			if err != nil {
				return err
			}
			server := page.Server{Identify: identify, As: func(i page.Identity) (page.Environments, error) {
				as := rest.CopyConfig(config)
				as.Impersonate = rest.ImpersonationConfig{UserName: i.Username, Groups: i.Groups}
				return environments.New(as)
			}}
			if prometheus != "" {
				if server.Usage, err = page.Prometheus(prometheus); err != nil {
					return err
				}
			}
			handler, err := server.Handler()
			if err != nil {
				return err
			}
			return run(c.Context(), listen, handler)
		},
	}
	flags := command.Flags()
	flags.StringVar(&listen, "listen", ":8080", "address to listen at")
	flags.StringVar(&identity.Issuer, "issuer", "", "OpenID Connect issuer of the tokens, as the API server has it")
	flags.StringVar(&identity.ClientID, "client-id", "", "the client that the tokens are for")
	flags.StringVar(&identity.Header, "identity-header", "Authorization", "the header that has the token")
	flags.StringVar(&identity.UsernameClaim, "username-claim", "email", "the claim that names the person, as the API server has it")
	flags.StringVar(&identity.GroupsClaim, "groups-claim", "groups", "the claim with the person's groups; team-NAME are teams")
	flags.StringVar(&identity.Prefix, "prefix", "oidc:", "what the API server puts before users and groups")
	flags.StringSliceVar(&identity.Teams, "teams", nil, "the teams that the page serves")
	flags.StringVar(&prometheus, "prometheus", "", "address of the Prometheus that knows what is used (none: no plots)")
	flags.SortFlags = false
	_ = command.MarkFlagRequired("issuer")
	_ = command.MarkFlagRequired("client-id")
	_ = command.MarkFlagRequired("teams")
	return command
}

func run(ctx context.Context, address string, handler http.Handler) error {
	server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
