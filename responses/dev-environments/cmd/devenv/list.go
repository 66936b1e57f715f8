package main

import (
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"dev-environments.test/environments"
)

func list() *cobra.Command {
	command := &cobra.Command{
		Use:   "list",
		Short: "Show the environments of your teams",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			client, teams, err := clientOfTeams(c)
			if err != nil {
				return err
			}
			if len(teams) == 0 {
				return &environments.Error{Message: "you are not in a team", Try: "--team TEAM"}
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
				return usageError{fmt.Errorf("unknown output %s; try: table or json", output)}
			}
		},
	}
	flagTeam(command)
	command.Flags().StringP("output", "o", "table", "table or json")
	return command
}

func table(list []environments.Environment) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "TEAM\tNAME\tOWNER\tGROUP\tCPU\tMEMORY\tGPU\tSTATE\tHOME\tPINNED\tUNTIL\tWHY ASLEEP")
	for _, e := range list {
		pinned := "no"
		if e.Pinned {
			pinned = "yes"
		}
		until := e.Expires
		if e.Deleted != "" {
			until = e.Deleted
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n",
			e.Team, e.Name, e.OwnerName(), e.Group, e.CPU, e.Memory, e.GPU, e.State(), e.Home, pinned, until, e.Why())
	}
	return w.Flush()
}
