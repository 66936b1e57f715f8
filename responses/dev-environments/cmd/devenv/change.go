package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/kubernetes"

	"dev-environments.test/environments"
)

func wake() *cobra.Command {
	return started("wake", "Wake one that is asleep; its home is as it was", func(ctx context.Context, _ *cobra.Command, client *environments.Client, team, name string) error {
		return client.Wake(ctx, team, name)
	})
}

func restore() *cobra.Command {
	return started("restore", "Start a deleted one as it was, with its home", func(ctx context.Context, _ *cobra.Command, client *environments.Client, team, name string) error {
		return client.Restore(ctx, team, name)
	})
}

func pin() *cobra.Command { return pinning("pin", "Keep it awake, however idle it is", true) }
func unpin() *cobra.Command {
	return pinning("unpin", "Let it fall asleep again when it is idle", false)
}

func pinning(use, short string, pinned bool) *cobra.Command {
	return named(use, short, func(ctx context.Context, _ *cobra.Command, client *environments.Client, team, name string) error {
		if err := client.Pin(ctx, team, name, pinned); err != nil {
			return err
		}
		say("%s is %sned", name, use)
		return nil
	})
}

func extend() *cobra.Command {
	command := named("extend", "Count its lifetime from today", func(ctx context.Context, c *cobra.Command, client *environments.Client, team, name string) error {
		days, _ := c.Flags().GetString("lifetime")
		if err := client.Extend(ctx, team, name, days); err != nil {
			return err
		}
		p, err := client.Progress(ctx, team, name)
		if err != nil {
			return err
		}
		say("%s lives until %s", name, p.Environment.Expires)
		return nil
	})
	command.Flags().String("lifetime", "", "days (default: as many as it had)")
	return command
}

func remove() *cobra.Command {
	return named("delete", "Delete one; its home stays for 14 days", func(ctx context.Context, _ *cobra.Command, client *environments.Client, team, name string) error {
		p, err := client.Progress(ctx, team, name)
		if err != nil {
			return err
		}
		until, err := client.Delete(ctx, team, name)
		if err != nil {
			return err
		}
		say("%s of %s is deleted; its home of %s stays until %s", name, p.Environment.OwnerName(), p.Environment.Home, until.Format(time.DateOnly))
		say("to undo it: devenv restore %s --team %s", name, team)
		return nil
	})
}

func sweep() *cobra.Command {
	return job("sweep", "Remove the homes of what was deleted 14 days ago", func(ctx context.Context, kube kubernetes.Interface) error {
		removed, err := environments.Sweep(ctx, kube, time.Now())
		for _, name := range removed {
			say("removed %s", name)
		}
		return err
	})
}

func gatewayKeys() *cobra.Command {
	return job("gateway-keys", "Collect everybody's public keys for the gateway", environments.GatewayKeys)
}

// job makes a command that the platform runs by itself.
func job(use, short string, do func(context.Context, kubernetes.Interface) error) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short + " (the platform's job)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := kubeconfig()
			if err != nil {
				return err
			}
			kube, err := kubernetes.NewForConfig(config)
			if err != nil {
				return err
			}
			return do(c.Context(), kube)
		},
	}
}
