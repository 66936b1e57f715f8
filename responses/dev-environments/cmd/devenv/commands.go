package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"dev-environments.test/environments"
)

// action does something with one environment of a team.
type action func(ctx context.Context, c *cobra.Command, client *environments.Client, team, name string) error

// named makes a command about one environment.
func named(use, short string, do action) *cobra.Command {
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
			if err := environments.CheckName(cmp.Or(team, "any"), args[0]); err != nil { // before the cluster is asked
				return usageError{err}
			}
			client, team, err := clientOfTeam(c)
			if err != nil {
				return err
			}
			return do(c.Context(), c, client, team, args[0])
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
			if client, team, err := clientOfTeam(c); err == nil && len(args) == 0 {
				list, _ := client.List(c.Context(), team)
				for _, e := range list {
					names = append(names, e.Name)
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
	flagTeam(command)
	return command
}

// clientOfTeam acts as the kubeconfig's user; the team is --team, or their only one.
func clientOfTeam(c *cobra.Command) (*environments.Client, string, error) {
	client, teams, err := clientOfTeams(c)
	if err != nil {
		return nil, "", err
	}
	if len(teams) != 1 {
		return nil, "", &environments.Error{Message: fmt.Sprintf("you are in %d teams", len(teams)), Try: "--team TEAM " + strings.Join(teams, " or ")}
	}
	return client, teams[0], nil
}

// clientOfTeams is clientOfTeam for all of theirs, if none is chosen.
func clientOfTeams(c *cobra.Command) (*environments.Client, []string, error) {
	client, err := client(c.Context())
	if err != nil {
		return nil, nil, err
	}
	if team, _ := c.Flags().GetString("team"); team != "" {
		return client, []string{team}, environments.CheckTeam(team)
	}
	person, err := client.WhoAmI(c.Context())
	return client, person.Teams, err
}

func flagTeam(c *cobra.Command) {
	c.Flags().StringP("team", "t", "", "the team (default: yours, if you are in one)")
	_ = c.RegisterFlagCompletionFunc("team", func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		_, teams, _ := clientOfTeams(c)
		return teams, cobra.ShellCompDirectiveNoFileComp
	})
}

// started makes a command that starts an environment and waits for it.
func started(use, short string, do action) *cobra.Command {
	command := named(use, short, func(ctx context.Context, c *cobra.Command, client *environments.Client, team, name string) error {
		if err := do(ctx, c, client, team, name); err != nil {
			return err
		}
		timeout, _ := c.Flags().GetDuration("timeout")
		e, err := client.Await(ctx, team, name, timeout, func(text string) { say("%s", text) })
		if err != nil {
			return err
		}
		fmt.Printf("%s is ready, until %s\n  %s\n", e.Address, e.Expires, e.SSH())
		if e.Notebook != "" {
			fmt.Println("  notebook:", e.Notebook)
		}
		for _, line := range client.Greeting(ctx, team, name) {
			fmt.Println(" ", line)
		}
		return nil
	})
	command.Flags().Duration("timeout", 10*time.Minute, "how long to wait for the start")
	return command
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "devenv: "+format+"\n", args...) }

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
