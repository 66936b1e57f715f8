package main

import (
	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"

	"dev-environments.test/environments"
	"dev-environments.test/page"
	"dev-environments.test/server"
)

func serve() *cobra.Command {
	var listen, prometheus, url, notebookHost string
	command := &cobra.Command{
		Use:   "serve",
		Short: "Serve the web page (the platform's team)",
		Long: `Serve the web page: the form, what one has, and what it uses.

It has to be behind a proxy that signs people in and passes on their identity token, as oauth2-proxy does with
--pass-authorization-header. The page passes the token on to the API server, which has the same issuer: that decides who they are and
what they may do. The page has no rights.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := kubeconfig()
			if err != nil {
				return err
			}
			environmentsPage := page.Server{As: withToken(config)}
			if prometheus != "" {
				if environmentsPage.Usage, err = page.Prometheus(prometheus); err != nil {
					return err
				}
			}
			environmentsPage.URL, environmentsPage.NotebookHost = url, notebookHost
			handler, err := environmentsPage.Handler()
			if err != nil {
				return err
			}
			return server.Run(c.Context(), listen, handler)
		},
	}
	flags := command.Flags()
	flags.StringVar(&listen, "listen", ":8080", "address to listen at")
	flags.StringVar(&prometheus, "prometheus", "", "address of the Prometheus that knows what is used (none: use is not shown)")
	flags.StringVar(&url, "url", "", "the page's own address, for links to it")
	flags.StringVar(&notebookHost, "notebook-host", "", "the host name of notebooks, which comes to the same proxy (none: there are no notebooks)")
	return command
}

// withToken makes clients of this cluster that have a person's token, and nothing of the page's own.
func withToken(config *rest.Config) func(token string) (page.Environments, error) {
	cluster := rest.AnonymousClientConfig(config) // its address and authority
	return func(token string) (page.Environments, error) {
		as := rest.CopyConfig(cluster)
		as.BearerToken = token
		return environments.New(as)
	}
}
