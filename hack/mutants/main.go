//go:build unix

// Command mutants changes the program a little, in each place where that can be done, and runs the unit
// specs on each change. It fails where they miss one that is not in hack/mutants/equal.txt, where each
// has its reason, and where one of that list is not missed.
//
//	go run ./hack/mutants [PACKAGE...]
//
// All mutants of a package are built into one program, which reads in a file which of them it is: to
// build each of them takes longer than its specs. For the same reason none is a constant. A mutant
// meets only those files of specs that get to it; one that none gets to is missed as well.
package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	patterns := os.Args[1:]
	if len(patterns) == 0 {
		patterns = []string{"./lister/...", "./cmd/dkr-ls"}
	}
	err := run(ctx, patterns)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, patterns []string) error {
	equal, err := readEqual()
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }()

	packages, mutants, err := mutateModule(ctx, filepath.Join(scratch, "module"), patterns)
	if err != nil {
		return err
	}
	var killed, late int
	missed, covered := map[string]bool{}, map[string]bool{}
	for _, p := range packages {
		covered[p.folder] = true
		outcomes, err := tryAll(ctx, scratch, p)
		if err != nil {
			return fmt.Errorf("%s: %w", p.ImportPath, err)
		}
		counts := map[outcome]int{}
		for mutant, o := range outcomes {
			counts[o]++
			if o == lived || o == notReached {
				missed[mutants[mutant]] = true
			}
		}
		fmt.Printf("mutants: %s: %v\n", p.folder, counts)
		killed, late = killed+counts[wasKilled], late+counts[wasLate]
	}
	maps.DeleteFunc(equal, func(mutant string, _ bool) bool {
		file, _, _ := strings.Cut(mutant, ":")
		return !covered[filepath.Dir(file)]
	})
	fmt.Printf("mutants: %d; %.1f%% of those that are not equal are killed\n", len(mutants)-1, 100*float64(killed+late)/float64(len(mutants)-1-len(equal)))
	return compare(missed, equal)
}

// compare tells of mutants that are missed and not equal, and of equal ones that are not missed: if
// those are found, everything would be.
func compare(missed, equal map[string]bool) error {
	var wrong []string
	for _, m := range slices.Sorted(maps.Keys(missed)) {
		if !equal[m] {
			wrong = append(wrong, "no spec notices:\n"+m)
		}
	}
	for _, m := range slices.Sorted(maps.Keys(equal)) {
		if !missed[m] {
			wrong = append(wrong, "in "+equalList+", and specs fail on it, or it is not there:\n"+m)
		}
	}
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "\n"))
	}
	return nil
}

const equalList = "hack/mutants/equal.txt"

// readEqual reads the list: a mutant a line, and above some of them the reason, behind a #.
func readEqual() (map[string]bool, error) {
	content, err := os.ReadFile(equalList)
	if err != nil {
		return nil, err
	}
	equal, reason := map[string]bool{}, false
	for line := range strings.Lines(string(content)) {
		switch line = strings.TrimSpace(line); {
		case line == "":
			reason = false
		case strings.HasPrefix(line, "#"):
			reason = true
		case !reason:
			return nil, fmt.Errorf("%s: without a reason: %s", equalList, line)
		default:
			equal[line] = true
		}
	}
	return equal, nil
}
