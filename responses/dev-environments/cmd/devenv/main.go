// devenv launches and looks after development environments, from a terminal and as a web page.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"dev-environments.test/environments"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "devenv: error:", err)
		var wrong usageError
		if errors.As(err, &wrong) {
			os.Exit(2)
		}
		os.Exit(1)
	}
}

// usageError is a command line that cannot be right.
type usageError struct{ error }

func command() *cobra.Command {
	root := &cobra.Command{
		Use:   "devenv",
		Short: "Development environments of your own, reached by ssh and sftp",
		Long: `Development environments of your own, reached by ssh and sftp.

It needs a kubeconfig of the cluster (KUBECONFIG, or ~/.kube/config), and nothing else.`,
		Example: `  devenv launch study --team web --base python-3.13 --packages ripgrep
  devenv list
  devenv ssh-config >>~/.ssh/config && ssh study.web.dev.example.com`,
		Version:       environments.Version,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; try: %s --help", err, c.CommandPath())}
	})
	root.AddCommand(launch(), change(), wake(), pin(), unpin(), extend(), list(), remove(), restore(), key(), sshConfig(), serve(), sweep(), gatewayKeys())
	return root
}

// client acts as the kubeconfig's user. It says so when the platform is newer than this program.
func client(ctx context.Context) (*environments.Client, error) {
	config, err := kubeconfig()
	if err != nil {
		return nil, err
	}
	client, err := environments.New(config)
	if err != nil {
		return nil, err
	}
	if note := client.Outdated(ctx); note != "" {
		say("%s", note)
	}
	return client, nil
}

// kubeconfig is KUBECONFIG, or ~/.kube/config, or in a pod its service account.
func kubeconfig() (*rest.Config, error) {
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		clientcmd.NewDefaultClientConfigLoadingRules(), &clientcmd.ConfigOverrides{}).ClientConfig()
	if err != nil {
		return nil, &environments.Error{Message: "no cluster: " + err.Error(), Try: "KUBECONFIG=FILE devenv ..."}
	}
	return config, nil
}
