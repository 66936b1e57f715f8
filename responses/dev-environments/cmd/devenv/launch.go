package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"dev-environments.test/chart"
	"dev-environments.test/environments"
)

func launch() *cobra.Command {
	fields, err := chart.Fields()
	if err != nil {
		panic(err) // part of the program
	}
	command := named("launch", "Start a new environment, or the one of this name with other choices",
		func(ctx context.Context, c *cobra.Command, client *environments.Client, team, name string) error {
			chosen := environments.Choices{}
			for _, field := range fields {
				if !c.Flags().Changed(field.Name) {
					continue
				}
				var texts []string
				if field.Type == "array" {
					texts, _ = c.Flags().GetStringArray(field.Name)
				} else {
					texts = []string{c.Flags().Lookup(field.Name).Value.String()}
				}
				chosen.Set(field.Parse(texts...), field.Path...)
			}
			if owner, _ := c.Flags().GetString("owner"); owner != "" {
				chosen.Set(owner, "owner")
			}
			if none, _ := c.Flags().GetBool("no-packages"); none {
				chosen.Set([]any{}, "image", "packages")
			}
			if err := client.Launch(ctx, team, name, chosen); err != nil {
				return err
			}
			return awake(ctx, c, client, team, name)
		})
	command.Long = "Start a new environment, or the one of this name, awake and with other choices.\nWhat it has and nobody chooses anew stays."
	flags := command.Flags()
	for _, field := range fields {
		usage := strings.ToLower(field.Title[:1]) + field.Title[1:]
		if strings.HasPrefix(field.Title, "CPU") || strings.HasPrefix(field.Title, "GPU") {
			usage = field.Title
		}
		if field.Description != "" {
			usage += ": " + field.Description
		}
		switch {
		case len(field.Choices) > 0:
			usage += " (" + strings.Join(field.Choices, ", ") + ")"
		case field.Type == "integer":
			usage += fmt.Sprintf(" (%d to %d)", field.Minimum, field.Maximum)
		}
		switch field.Type {
		case "array":
			flags.StringArray(field.Name, nil, usage+"; may be given again")
		case "boolean":
			flags.Bool(field.Name, false, usage)
		default:
			if field.Default != "" && field.Name != "group" { // that follows from the size
				usage += " (default " + field.Default + ")"
			}
			flags.String(field.Name, "", usage) // no default: what an environment has stays
		}
		_ = command.RegisterFlagCompletionFunc(field.Name, cobra.FixedCompletions(field.Choices, cobra.ShellCompDirectiveNoFileComp))
	}
	flags.Bool("no-packages", false, "none of the packages that it had")
	flags.String("owner", "", "whose keys open it (default: yours)")
	flags.SortFlags = false
	flagTimeout(command)
	return command
}
