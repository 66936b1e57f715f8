package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dev-environments.test/environments"
)

// teamOf is --team, or the only team of the person.
func teamOf(c *cobra.Command, client *environments.Client) (string, error) {
	team, _ := c.Flags().GetString("team")
	if team != "" {
		return team, environments.CheckTeam(team)
	}
	person, err := client.WhoAmI(c.Context())
	if err != nil {
		return "", err
	}
	if len(person.Teams) != 1 {
		return "", &environments.Error{Message: fmt.Sprintf("%s is in %d teams", person.Name(), len(person.Teams)), Try: "--team " + strings.Join(append(person.Teams, "TEAM")[:max(1, len(person.Teams))], " or ")}
	}
	return person.Teams[0], nil
}

// named makes a command about one environment of a team.
func named(use, short string, do func(ctx context.Context, c *cobra.Command, client *environments.Client, team, name string) error) *cobra.Command {
	command := &cobra.Command{
		Use:   use + " NAME",
		Short: short,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("one name is needed, not %d; try: %s --help", len(args), c.CommandPath())}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			team, _ := c.Flags().GetString("team")
			if team == "" {
				team = "any" // the name is looked at before the cluster is asked
			}
			if err := environments.CheckName(team, args[0]); err != nil {
				return usageError{err}
			}
			client, err := client(c.Context())
			if err != nil {
				return err
			}
			if team, err = teamOf(c, client); err != nil {
				return err
			}
			return do(c.Context(), c, client, team, args[0])
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return completeNames(c), cobra.ShellCompDirectiveNoFileComp
		},
	}
	flagTeam(command)
	return command
}

func flagTeam(c *cobra.Command) {
	c.Flags().StringP("team", "t", "", "the team (default: yours, if you are in one)")
	_ = c.RegisterFlagCompletionFunc("team", func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		client, err := client(c.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		person, _ := client.WhoAmI(c.Context())
		return person.Teams, cobra.ShellCompDirectiveNoFileComp
	})
}

func completeNames(c *cobra.Command) []string {
	client, err := client(c.Context())
	if err != nil {
		return nil
	}
	team, err := teamOf(c, client)
	if err != nil {
		return nil
	}
	list, _ := client.List(c.Context(), team)
	var names []string
	for _, e := range list {
		names = append(names, e.Name)
	}
	return names
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "devenv: "+format+"\n", args...) }

// awake waits for the start, and tells how to reach it.
func awake(ctx context.Context, c *cobra.Command, client *environments.Client, team, name string) error {
	timeout, _ := c.Flags().GetDuration("timeout")
	e, err := client.Await(ctx, team, name, timeout, func(text string) { say("%s", text) })
	if err != nil {
		return err
	}
	fmt.Printf("%s is ready, until %s\n  %s\n", e.Address, e.Expires, e.SSH())
	for _, line := range client.Greeting(ctx, team, name) {
		fmt.Println(" ", line)
	}
	return nil
}

func flagTimeout(c *cobra.Command) {
	timeout := 10 * time.Minute
	if seconds, err := strconv.Atoi(os.Getenv("DEVENV_TIMEOUT")); err == nil {
		timeout = time.Duration(seconds) * time.Second
	}
	c.Flags().Duration("timeout", timeout, "how long to wait for the start (DEVENV_TIMEOUT: seconds)")
}

func sshConfig() *cobra.Command {
	return &cobra.Command{
		Use:   "ssh-config",
		Short: "Print the lines for ~/.ssh/config that make `ssh NAME.TEAM.DOMAIN` enough",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, err := client(c.Context())
			if err != nil {
				return err
			}
			domain, gateway, err := client.Names(c.Context())
			if err != nil {
				return err
			}
			fmt.Printf("Host *.%s\n  Port 2222\n  User dev\n", domain)
			if gateway != "" {
				fmt.Printf("  ProxyJump dev@%s:2222\n", gateway)
			}
			return nil
		},
	}
}
