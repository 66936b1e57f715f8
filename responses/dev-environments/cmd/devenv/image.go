package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"k8s.io/client-go/kubernetes"

	"dev-environments.test/chart"
	"dev-environments.test/environments"
	"dev-environments.test/image"
)

// builder is the platform's, too.
func builder() *cobra.Command {
	return &cobra.Command{
		Use:   "builder",
		Short: "Build the images that environments want and nobody has built (the platform's team)",
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
			(&environments.Builder{Kube: kube}).Run(c.Context())
			return nil
		},
	}
}

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
	command.AddCommand(&cobra.Command{
		Use:   "context DIRECTORY",
		Short: "Write what every image is built from, for another builder than docker",
		Args:  cobra.ExactArgs(1),
		RunE:  func(_ *cobra.Command, args []string) error { return image.Context(args[0]) },
	})
	return command
}
