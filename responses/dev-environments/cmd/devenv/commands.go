package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"dev-environments.test/chart"
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
		return "", &environments.Error{Message: fmt.Sprintf("%s is in %d teams", person.Handle, len(person.Teams)), Try: "--team " + strings.Join(append(person.Teams, "TEAM")[:max(1, len(person.Teams))], " or ")}
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
				team = "any" // the name is looked at before anybody is asked
			}
			if err := environments.CheckName(team, args[0]); err != nil {
				return usageError{err}
			}
			client, err := client()
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
		client, err := client()
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		person, _ := client.WhoAmI(c.Context())
		return person.Teams, cobra.ShellCompDirectiveNoFileComp
	})
}

func completeNames(c *cobra.Command) []string {
	client, err := client()
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

func pin() *cobra.Command {
	return named("pin", "Never shrink it", func(ctx context.Context, _ *cobra.Command, client *environments.Client, team, name string) error {
		if err := client.Pin(ctx, team, name, true); err != nil {
			return err
		}
		say("%s is pinned", name)
		return nil
	})
}

func unpin() *cobra.Command {
	return named("unpin", "Shrink it again when it is idle", func(ctx context.Context, _ *cobra.Command, client *environments.Client, team, name string) error {
		if err := client.Pin(ctx, team, name, false); err != nil {
			return err
		}
		say("%s is unpinned", name)
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

func list() *cobra.Command {
	command := &cobra.Command{
		Use:   "list",
		Short: "Show the environments of your teams",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, err := client()
			if err != nil {
				return err
			}
			teams := []string{}
			if team, _ := c.Flags().GetString("team"); team != "" {
				teams = append(teams, team)
			} else if person, err := client.WhoAmI(c.Context()); err == nil {
				teams = person.Teams
			} else {
				return err
			}
			if len(teams) == 0 {
				return &environments.Error{Message: "you are in no team", Try: "--team TEAM"}
			}
			all := []environments.Environment{}
			for _, team := range teams {
				list, err := client.List(c.Context(), team)
				if err != nil {
					return err
				}
				all = append(all, list...)
			}
			switch output, _ := c.Flags().GetString("output"); output {
			case "json":
				encoder := json.NewEncoder(os.Stdout)
				encoder.SetIndent("", "  ")
				return encoder.Encode(all)
			case "table":
				return table(all)
			default:
				return usageError{fmt.Errorf("no output %s; try: table or json", output)}
			}
		},
	}
	flagTeam(command)
	command.Flags().StringP("output", "o", "table", "table or json")
	return command
}

func table(list []environments.Environment) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TEAM\tNAME\tOWNER\tGROUP\tCPU\tMEMORY\tGPU\tSTATE\tPINNED\tUNTIL\tSHRUNK")
	for _, e := range list {
		pinned := "no"
		if e.Pinned {
			pinned = "yes"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			e.Team, e.Name, e.Owner, e.Group, e.CPU, e.Memory, e.GPU, e.State(), pinned, e.Expires, e.Why())
	}
	return w.Flush()
}

func sshConfig() *cobra.Command {
	return &cobra.Command{
		Use:   "ssh-config",
		Short: "Print the lines for ~/.ssh/config that make `ssh NAME.TEAM.DOMAIN` enough",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, err := client()
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
