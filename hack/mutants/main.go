//go:build unix

// Command mutants changes the lister a little, in each place where that can be done, and runs the
// unit specs on each change. It fails where they miss one that is not in hack/mutants/equal.txt, where
// each has its reason. It takes a quarter of an hour on two cores.
//
// The command itself is left out: gremlins v0.6.0 looks for a package main in the module's root, finds
// no specs there, and counts each of its mutants as killed.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// equals is the list of mutants that do what the program does.
const equals = "hack/mutants/equal.txt"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	known, err := readEquals()
	if err != nil {
		return err
	}
	report, err := mutate(ctx, "lister")
	if err != nil {
		return err
	}
	living, counts, err := report.sorted("lister")
	if err != nil {
		return err
	}
	killed, lived := counts["KILLED"], counts["LIVED"]
	if killed == 0 {
		return errors.New("no mutant was killed")
	}
	fmt.Printf("mutants: %.1f%% killed: %v\n", 100*float64(killed)/float64(killed+lived), counts)

	var wrong []string
	for _, m := range slices.Sorted(maps.Keys(living)) {
		if !known[m] {
			wrong = append(wrong, "lives:\n"+m)
		}
	}
	for m := range known {
		if !living[m] {
			wrong = append(wrong, "in "+equals+", and does not live:\n"+m)
		}
	}
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "\n"))
	}
	return nil
}

// readEquals reads the list: a mutant a line, and above some of them the reason, behind a #.
func readEquals() (map[string]bool, error) {
	content, err := os.ReadFile(equals)
	if err != nil {
		return nil, err
	}
	known, reason := map[string]bool{}, false
	for line := range strings.Lines(string(content)) {
		switch line = strings.TrimSpace(line); {
		case line == "":
			reason = false
		case strings.HasPrefix(line, "#"):
			reason = true
		case !reason:
			return nil, fmt.Errorf("%s: without a reason: %s", equals, line)
		default:
			known[line] = true
		}
	}
	return known, nil
}

// A report is what gremlins writes.
type report struct {
	Files []struct {
		Name      string `json:"file_name"`
		Mutations []struct {
			Type, Status string
			Line, Column int
		}
	}
}

// mutate runs gremlins on the packages in a folder.
func mutate(ctx context.Context, folder string) (report, error) {
	var r report
	tool, err := exec.CommandContext(ctx, "go", "tool", "-modfile=hack/tools/gremlins/go.mod", "-n", "gremlins").Output()
	if err != nil {
		return r, err
	}
	scratch, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return r, err
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	untilOneFails, err := filepath.Abs("hack/mutants/exec.sh")
	if err != nil {
		return r, err
	}
	output := filepath.Join(scratch, "report.json")
	// Mutants that loop end when specs have taken five times as long as they should.
	gremlins := exec.CommandContext(ctx, strings.TrimSpace(string(tool)), "unleash", "./"+folder, "--workers=2", "--timeout-coefficient=5", "--output="+output)
	gremlins.Env = append(os.Environ(), "GOFLAGS=-vet=off -ldflags=-s -exec="+untilOneFails)
	gremlins.Stdout, gremlins.Stderr = os.Stdout, os.Stderr
	if err := gremlins.Run(); err != nil {
		return r, fmt.Errorf("gremlins: %w", err)
	}
	content, err := os.ReadFile(output)
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(content, &r)
}

// sorted are the mutants that live, and how many there are of each status. A mutant is named by its
// file, its kind, and the line with a » before what changes, so that it stays the same when lines move.
func (r report) sorted(folder string) (living map[string]bool, counts map[string]int, err error) {
	living, counts = map[string]bool{}, map[string]int{}
	for _, file := range r.Files {
		name := filepath.Join(folder, file.Name)
		content, err := os.ReadFile(name)
		if err != nil {
			return nil, nil, err
		}
		lines := strings.Split(string(content), "\n")
		for _, m := range file.Mutations {
			counts[m.Status]++
			if m.Status == "LIVED" {
				line := lines[m.Line-1]
				living[fmt.Sprintf("%s: %s: %s»%s", name, m.Type, strings.TrimLeft(line[:m.Column-1], "\t"), line[m.Column-1:])] = true
			}
		}
	}
	return living, counts, nil
}
