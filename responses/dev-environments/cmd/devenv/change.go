package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/kubernetes"

	"dev-environments.test/environments"
)

func wake() *cobra.Command {
	command := named("wake", "Start one that sleeps; its home is as it was", func(ctx context.Context, c *cobra.Command, client *environments.Client, team, name string) error {
		if err := client.Wake(ctx, team, name); err != nil {
			return err
		}
		return awake(ctx, c, client, team, name)
	})
	flagTimeout(command)
	return command
}

func pin() *cobra.Command {
	return pinning("pin", "Keep it awake, however idle it is", true, "pinned")
}

func unpin() *cobra.Command {
	return pinning("unpin", "Let it be put to sleep again when it is idle", false, "unpinned")
}

func pinning(use, short string, pinned bool, done string) *cobra.Command {
	return named(use, short, func(ctx context.Context, _ *cobra.Command, client *environments.Client, team, name string) error {
		if err := client.Pin(ctx, team, name, pinned); err != nil {
			return err
		}
		say("%s is %s", name, done)
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
		say("to have it back: devenv restore %s --team %s", name, team)
		return nil
	})
}

func restore() *cobra.Command {
	command := named("restore", "Start a deleted one as it was, with its home", func(ctx context.Context, c *cobra.Command, client *environments.Client, team, name string) error {
		if err := client.Restore(ctx, team, name); err != nil {
			return err
		}
		return awake(ctx, c, client, team, name)
	})
	flagTimeout(command)
	return command
}

// sweep is the platform's job.
func sweep() *cobra.Command {
	return &cobra.Command{
		Use:   "sweep",
		Short: "Remove the homes of what was deleted 14 days ago (the platform's job)",
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
			removed, err := environments.Sweep(c.Context(), kube, time.Now())
			for _, name := range removed {
				say("removed %s", name)
			}
			return err
		},
	}
}
