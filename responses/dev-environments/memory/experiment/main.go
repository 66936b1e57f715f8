// Command experiment compares two ways for several processes to have one large file in memory: each maps it read-only, or each
// loads it into its heap. For both it prints the memory and the time to the first answer, with a cold and with a warm page cache.
//
//	go run ./memory/experiment -size 1024 -processes 4
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"
)

func main() {
	size := flag.Int64("size", 1024, "the file's size in MiB")
	processes := flag.Int("processes", 4, "processes that have the data in memory at once")
	runs := flag.Int("runs", 3, "the printed figures are medians of so many runs")
	dir := flag.String("dir", os.TempDir(), "a folder on a real disk (a tmpfs has no cold cache) for the file")
	worker := flag.String("worker", "", "internal: be one of the processes, "+ways[0]+" or "+ways[1])
	flag.Parse()

	run := func() error { return compare(*dir, *size, *processes, *runs) }
	if *worker != "" {
		run = func() error { return work(*worker, flag.Arg(0)) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "experiment:", err)
		os.Exit(1)
	}
}

var ways = []string{"mapped", "loaded"}

func compare(dir string, size int64, processes, runs int) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp(dir, "experiment-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	file := filepath.Join(folder, "column")
	if err := generate(file, size<<20); err != nil {
		return err
	}
	fmt.Printf("%d processes, one file of %d MiB, medians of %d runs\n\n", processes, size, runs)
	results := map[string][]result{}
	for range runs {
		for _, way := range ways {
			r, err := measure(program, way, file, processes)
			if err != nil {
				return err
			}
			results[way] = append(results[way], r)
		}
	}
	return print(results)
}

// rows of the printed table.
var rows = []struct {
	title, format string
	figure        func(result) float64
}{
	{"memory of all (PSS), MiB", "%.0f", func(r result) float64 { return r.pss }},
	{"of it not droppable, MiB", "%.0f", func(r result) float64 { return r.anonymous }},
	{"RSS added up, MiB", "%.0f", func(r result) float64 { return r.rss }},
	{"page tables of all, MiB", "%.1f", func(r result) float64 { return r.tables }},
	{"first answer, cold, ms", "%.1f", func(r result) float64 { return r.cold.First }},
	{"first answer, warm, ms", "%.1f", func(r result) float64 { return r.warm.First }},
	{"all of it read, cold, ms", "%.0f", func(r result) float64 { return r.cold.Whole }},
	{"all of it read, warm, ms", "%.0f", func(r result) float64 { return r.warm.Whole }},
	{"read from disk, cold, MiB", "%.0f", func(r result) float64 { return r.cold.Disk }},
	{"read from disk, warm, MiB", "%.0f", func(r result) float64 { return r.warm.Disk }},
}

func print(results map[string][]result) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintf(table, "\t%s\t%s\tloaded : mapped\n", ways[0], ways[1])
	for _, row := range rows {
		mapped, loaded := median(results["mapped"], row.figure), median(results["loaded"], row.figure)
		ratio := "-"
		if mapped > 0 {
			ratio = fmt.Sprintf("%.1f", loaded/mapped)
		}
		fmt.Fprintf(table, "%s\t"+row.format+"\t"+row.format+"\t%s\n", row.title, mapped, loaded, ratio)
	}
	return table.Flush()
}

func median[T any](of []T, figure func(T) float64) float64 {
	var figures []float64
	for _, x := range of {
		figures = append(figures, figure(x))
	}
	slices.Sort(figures)
	return figures[len(figures)/2]
}
