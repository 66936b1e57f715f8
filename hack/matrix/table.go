//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/onsi/ginkgo/v2/types"
)

// A result is a run of the suite in which no spec failed.
type result struct {
	engine, api, store string
	from               string
	told               told
	passed             int
	skipped            map[string]int // by reason
}

// told is what an engine's list tells of images.
type told struct{ Containers, UniqueSize bool }

// skippedWithFirst is what Ginkgo says of the others where BeforeAll skips: the first has the reason.
const skippedWithFirst = "Spec skipped because Skip() was called in BeforeAll"

// read reads a run's JSON report.
func read(path string) (result, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return result{}, err
	}
	var reports []types.Report
	if err := json.Unmarshal(content, &reports); err != nil {
		return result{}, fmt.Errorf("%s: %w", path, err)
	}
	r := result{skipped: map[string]int{}}
	for _, report := range reports {
		var reason string // why the spec before was skipped
		for _, spec := range report.SpecReports {
			if spec.Failure.Message == skippedWithFirst {
				spec.Failure.Message = reason
			}
			reason = spec.Failure.Message
			if err := r.add(spec); err != nil {
				return result{}, fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	if r.engine == "" || r.passed == 0 {
		return result{}, fmt.Errorf("%s: no engine, or no spec that passed", path)
	}
	return r, nil
}

// add counts a spec, and takes over what it tells of the engine.
func (r *result) add(spec types.SpecReport) error {
	for _, entry := range spec.ReportEntries {
		var err error
		switch entry.Name {
		case "engine":
			var engine struct{ Engine, API, Store string }
			err = json.Unmarshal([]byte(entry.Value.AsJSON), &engine)
			r.engine, r.api, r.store = engine.Engine, engine.API, engine.Store
		case "told":
			err = json.Unmarshal([]byte(entry.Value.AsJSON), &r.told)
		}
		if err != nil {
			return fmt.Errorf("the entry %q: %w", entry.Name, err)
		}
	}
	switch {
	case spec.LeafNodeType != types.NodeTypeIt:
	case spec.State.Is(types.SpecStatePassed):
		r.passed++
	case spec.State.Is(types.SpecStateSkipped):
		r.skipped[spec.Failure.Message]++
	}
	return nil
}

// table is what stands between the README's marks.
func table(results []result, on time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "On %s:\n\n| engine | from | API | image store | `--unused` | `--unique` | specs passed | left out |\n|---|---|---|---|---|---|---|---|\n",
		on.UTC().Format(time.DateOnly))
	var notes []string
	can := map[bool]string{true: "yes", false: "no"}
	for _, r := range results {
		store := map[string]string{"graphdriver": "graph driver", "containerd": "containerd"}[r.store]
		if strings.HasPrefix(r.engine, "Podman") {
			store = "its own"
		}
		total := 0
		for _, reason := range slices.Sorted(maps.Keys(r.skipped)) {
			total += r.skipped[reason]
			first, _, _ := strings.Cut(reason, "\n")
			notes = append(notes, fmt.Sprintf("- %s, %d left out: %s", r.engine, r.skipped[reason], first))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %d | %d |\n", r.engine, r.from, r.api, store, can[r.told.Containers], can[r.told.UniqueSize], r.passed, total)
	}
	if len(notes) > 0 {
		b.WriteString("\n" + strings.Join(slices.Compact(notes), "\n") + "\n")
	}
	return b.String()
}

var marks = regexp.MustCompile(`(?s)(<!-- engines -->\n).*?(<!-- end of engines -->)`)

// writeTable puts the table between the file's marks.
func writeTable(path, table string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if len(marks.FindAll(content, -1)) != 1 {
		return fmt.Errorf("%s: no table between <!-- engines --> and <!-- end of engines -->", path)
	}
	written := marks.ReplaceAllStringFunc(string(content), func(section string) string {
		m := marks.FindStringSubmatch(section)
		return m[1] + table + m[2]
	})
	return os.WriteFile(path, []byte(written), 0o644)
}
