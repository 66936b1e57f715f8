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
	command := choosing("change", "Start one anew with other choices; its processes end, its home stays",
		func(ctx context.Context, client *environments.Client, team, name string, chosen environments.Choices) error {
			return client.Change(ctx, team, name, chosen)
		})
	command.Long = "Start an environment anew with other choices. Its processes end, its home stays, and so does what is not chosen.\nIf any of it is refused, nothing changes."
	return command
}

// choosing makes a command with a flag for each thing that people choose.
func choosing(use, short string, do func(ctx context.Context, client *environments.Client, team, name string, chosen environments.Choices) error) *cobra.Command {
	command := named(use, short, func(ctx context.Context, c *cobra.Command, client *environments.Client, team, name string) error {
		chosen := environments.Choices{}
		for _, field := range environments.Fields() {
			if flag := c.Flags().Lookup(field.Name); flag.Changed {
				chosen[field.Name] = flag.Value.String()
			}
		}
		if err := do(ctx, client, team, name, chosen); err != nil {
			return err
		}
		return awake(ctx, c, client, team, name)
	})
	for _, field := range environments.Fields() {
		usage := field.Title
		if !strings.HasPrefix(usage, "CPU") && !strings.HasPrefix(usage, "GPU") {
			usage = strings.ToLower(usage[:1]) + usage[1:]
		}
		if field.Hint != "" {
			usage += ": " + field.Hint
		}
		command.Flags().String(field.Name, "", usage)
		_ = command.RegisterFlagCompletionFunc(field.Name, func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			return offered(c, field.Name), cobra.ShellCompDirectiveNoFileComp
		})
	}
	command.Flags().SortFlags = false
	flagTimeout(command)
	return command
}

// offered is what the platform and the team offer for a field; nothing, if they cannot be asked.
func offered(c *cobra.Command, name string) []string {
	client, err := client(c.Context())
	if err != nil {
		return nil
	}
	team, err := teamOf(c, client)
	if err != nil {
		return nil
	}
	fields, _ := client.Offer(c.Context(), team)
	for _, field := range fields {
		if field.Name == name {
			return field.Choices
		}
	}
	return nil
}
