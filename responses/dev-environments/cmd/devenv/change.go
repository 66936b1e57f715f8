package main

import (
	"context"

	"github.com/spf13/cobra"

	"dev-environments.test/environments"
)

func wake() *cobra.Command {
	command := named("wake", "Start one that was shrunk; its home is as it was", func(ctx context.Context, c *cobra.Command, client *environments.Client, team, name string) error {
		if err := client.Wake(ctx, team, name); err != nil {
			return err
		}
		return awake(ctx, c, client, team, name)
	})
	flagTimeout(command)
	return command
}

func pin() *cobra.Command { return pinning("pin", "Never shrink it", true, "pinned") }

func unpin() *cobra.Command {
	return pinning("unpin", "Shrink it again when it is idle", false, "unpinned")
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
		days, _ := c.Flags().GetInt("lifetime")
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
	command.Flags().Int("lifetime", 0, "days (default: as many as it had)")
	return command
}

func remove() *cobra.Command {
	command := named("delete", "Remove one; its home stays for the next launch of the name", func(ctx context.Context, c *cobra.Command, client *environments.Client, team, name string) error {
		withHome, _ := c.Flags().GetBool("with-home")
		if err := client.Delete(ctx, team, name, withHome); err != nil {
			return err
		}
		if withHome {
			say("%s and its home are deleted", name)
		} else {
			say("%s is deleted; its home is kept", name)
		}
		return nil
	})
	command.Flags().Bool("with-home", false, "remove the home, too")
	return command
}
