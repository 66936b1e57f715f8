package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
)

// key is about the person's own public keys.
func key() *cobra.Command {
	command := &cobra.Command{Use: "key", Short: "List, add or remove your public keys, which open your environments"}
	list := &cobra.Command{Use: "list", Short: "Print them", Args: cobra.NoArgs, RunE: keys(func(now, _ string) (string, bool) {
		fmt.Print(now)
		return now, false
	})}
	add := &cobra.Command{Use: "add FILE", Short: "Add one: ~/.ssh/id_ed25519.pub", Args: cobra.ExactArgs(1), RunE: keys(func(now, line string) (string, bool) {
		return now + line, !strings.Contains(now, line)
	})}
	remove := &cobra.Command{Use: "remove FILE", Short: "Remove one", Args: cobra.ExactArgs(1), RunE: keys(func(now, line string) (string, bool) {
		return strings.Replace(now, line, "", 1), strings.Contains(now, line)
	})}
	for _, c := range []*cobra.Command{list, add, remove} {
		flagTeam(c)
		command.AddCommand(c)
	}
	return command
}

// keys changes them by what is in a file, if there is a change.
func keys(change func(now, line string) (string, bool)) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		line := ""
		if len(args) > 0 {
			content, err := os.ReadFile(args[0])
			if err != nil {
				return usageError{fmt.Errorf("%w; try: ~/.ssh/id_ed25519.pub", err)}
			}
			line = strings.TrimSpace(string(content)) + "\n"
		}
		client, team, err := clientOfTeam(c)
		if err != nil {
			return err
		}
		now, err := client.Keys(c.Context(), team)
		if err != nil {
			return err
		}
		then, changed := change(now, line)
		if !changed {
			return nil
		}
		if err := client.SetKeys(c.Context(), team, then); err != nil {
			return err
		}
		say("your environments in team %s open to these keys, in a minute or two", team)
		return nil
	}
}
