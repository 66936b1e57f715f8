package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"dev-environments.test/chart"
	"dev-environments.test/image"
)

// imageCommand is the platform's: it names, builds and pushes what environments run.
func imageCommand() *cobra.Command {
	command := &cobra.Command{Use: "image", Short: "Name, build or push the image of a base and packages (the platform's team)"}
	for use, does := range map[string]struct {
		short string
		do    func(context.Context, image.Image, string) error
	}{
		"name":  {"Print its name", func(context.Context, image.Image, string) error { return nil }},
		"build": {"Build it with docker", func(ctx context.Context, i image.Image, name string) error { return i.Build(ctx, name) }},
		"push":  {"Build and push it, unless the registry has it", func(ctx context.Context, i image.Image, name string) error { return i.Push(ctx, name) }},
	} {
		sub := &cobra.Command{
			Use:   use + " BASE [PACKAGE...]",
			Short: does.short,
			Args:  cobra.MinimumNArgs(1),
			RunE: func(c *cobra.Command, args []string) error {
				i, err := image.New(args[0], args[1:])
				if err != nil {
					return usageError{err}
				}
				repository, _ := c.Flags().GetString("repository")
				name := repository + ":" + i.Tag
				if err := does.do(c.Context(), i, name); err != nil {
					return err
				}
				fmt.Println(name)
				return nil
			},
		}
		repository := ""
		if loaded, err := chart.Load(); err == nil {
			repository, _ = loaded.Values["image"].(map[string]any)["repository"].(string)
		}
		sub.Flags().String("repository", repository, "where the images are")
		command.AddCommand(sub)
	}
	return command
}
