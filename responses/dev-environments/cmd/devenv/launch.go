package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"dev-environments.test/environments"
)

func launch() *cobra.Command {
	var owner string
	command := choosing("launch", "Start a new environment", func(ctx context.Context, client *environments.Client, team, name string, chosen environments.Choices) error {
		return client.Launch(ctx, team, name, owner, chosen)
	})
	command.Long = "Start a new environment. What is not chosen is as the platform has it; Tab completes what is offered."
	command.Flags().StringVar(&owner, "owner", "", "whose it is, as in `devenv list -o json` (default: yours; for the team's admins)")
	return command
}

func change() *cobra.Command {
	command := choosing("change", "Restart one with other choices; its processes end, its home stays",
		func(ctx context.Context, client *environments.Client, team, name string, chosen environments.Choices) error {
			return client.Change(ctx, team, name, chosen)
		})
	command.Long = "Restart an environment with other choices. Its processes end, its home stays, and so does what is not chosen.\nIf any of it is refused, nothing changes."
	return command
}

// choosing makes a command with a flag for each thing that people choose.
func choosing(use, short string, do func(ctx context.Context, client *environments.Client, team, name string, chosen environments.Choices) error) *cobra.Command {
	command := started(use, short, func(ctx context.Context, c *cobra.Command, client *environments.Client, team, name string) error {
		chosen := environments.Choices{}
		for _, field := range environments.Fields() {
			if flag := c.Flags().Lookup(field.Name); flag.Changed {
				chosen[field.Name] = flag.Value.String()
			}
		}
		return do(ctx, client, team, name, chosen)
	})
	for _, field := range environments.Fields() {
		command.Flags().String(field.Name, "", strings.TrimSuffix(field.Title+": "+field.Hint, ": "))
		_ = command.RegisterFlagCompletionFunc(field.Name, func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			client, team, err := clientOfTeam(c)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			offer, _ := client.Offer(c.Context(), team)
			for _, f := range offer {
				if f.Name == field.Name {
					return f.Choices, cobra.ShellCompDirectiveNoFileComp
				}
			}
			return nil, cobra.ShellCompDirectiveNoFileComp
		})
	}
	command.Flags().SortFlags = false
	return command
}
