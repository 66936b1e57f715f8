package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/kubernetes"

	"dev-environments.test/environments"
	"dev-environments.test/image"
)

// builder is the platform's, too.
func builder() *cobra.Command {
	command := &cobra.Command{
		Use:   "builder",
		Short: "Build the images that environments want and nobody has built, and all anew every week (the platform's team)",
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
			repository, _ := c.Flags().GetString("repository")
			(&environments.Builder{Kube: kube, Repository: repository, Now: time.Now}).Run(c.Context())
			return nil
		},
	}
	flagRepository(command)
	return command
}

func flagRepository(c *cobra.Command) {
	c.Flags().String("repository", "registry.example.com/dev/environment", "where the images are")
}

// imageCommand is the platform's: it names, builds and pushes what environments run.
func imageCommand() *cobra.Command {
	command := &cobra.Command{Use: "image", Short: "Name, build or push the image of a base and packages (the platform's team)"}
	for use, does := range map[string]struct {
		short string
		do    func(ctx context.Context, i image.Image, repository string) (string, error)
	}{
		"name": {"Print its name", func(_ context.Context, i image.Image, repository string) (string, error) {
			return repository + ":" + i.Tag, nil
		}},
		"build": {"Build it with docker", func(ctx context.Context, i image.Image, repository string) (string, error) {
			name := repository + ":" + i.Tag
			return name, i.Build(ctx, name)
		}},
		"push": {"Build it anew, push it, and print its line of the catalogue", func(ctx context.Context, i image.Image, repository string) (string, error) {
			name, err := i.Push(ctx, i.Weekly(repository, time.Now()))
			return i.Tag + ": " + name, err
		}},
	} {
		sub := &cobra.Command{
			Use:   use + " BASE [PACKAGE...]",
			Short: does.short,
			Args:  cobra.MinimumNArgs(1),
			RunE: func(c *cobra.Command, args []string) error {
				requirements, _ := c.Flags().GetString("requirements")
				i, err := image.New(args[0], args[1:], requirements)
				if err != nil {
					return usageError{err}
				}
				repository, _ := c.Flags().GetString("repository")
				line, err := does.do(c.Context(), i, repository)
				if err == nil {
					fmt.Println(line)
				}
				return err
			},
		}
		flagRepository(sub)
		sub.Flags().String("requirements", "none", "the lock")
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
