//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// deadline is the most that one run may take.
const deadline = 5 * time.Minute

// A cost is what one run of a process took.
type cost struct {
	wall, cpu float64 // seconds
	memory    float64 // bytes, at the peak
}

// A bench measures commands against a stand-in engine whose socket is in dir.
type bench struct {
	dir, self, dkrls, docker string
	host                     string // the engine's address
	runs                     int
	formsAt                  int // images at which all forms are measured, in both inventories
}

func newBench(dir, dkrls string, runs, formsAt int) (*bench, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	docker, err := exec.LookPath("docker")
	if err != nil {
		return nil, err
	}
	dkrls, err = filepath.Abs(dkrls)
	return &bench{dir: dir, host: "unix://" + socketIn(dir), self: self, dkrls: dkrls, docker: docker, runs: runs, formsAt: formsAt}, err
}

// A form is one of the listings that are measured, and docker's counterpart.
type form struct{ ours, theirs []string }

func (f form) String() string { return strings.Join(f.ours, " ") }

func forms(all bool) []form {
	table, template := form{[]string{"tags"}, []string{"images"}}, "{{.Repository}}:{{.Tag}}"
	if !all {
		return []form{table}
	}
	return []form{
		table,
		{[]string{"tags", "-q"}, []string{"images", "-q"}},
		{[]string{"tags", "--format", "json"}, []string{"images", "--format", "json"}},
		{[]string{"tags", "--format", template}, []string{"images", "--format", template}},
		{[]string{"tags", "--keep", "5"}, table.theirs},
		{[]string{"repos"}, table.theirs},
	}
}

// header prints the head of the table.
func header() {
	fmt.Println("dkr-ls against docker, as ratios of the runs taken in turn: median (least to most)")
	fmt.Println()
	fmt.Printf("| %-9s | %-45s | %-22s | %-22s | %-22s | %-27s | %-27s |\n", "images", "dkr-ls", "wall", "CPU", "peak memory", "dkr-ls, docker, transfer: s", "dkr-ls, docker: MB")
	fmt.Println("|---|---|---|---|---|---|---|")
}

// real measures and prints a row for all images of a real engine, and for those of one team.
func (b *bench) real(ctx context.Context) error {
	header()
	for _, args := range [][]string{{"tags"}, {"tags", "--prefix", "team1/"}} {
		err := b.row(ctx, "real", strings.Join(args, " "), 9, append([]string{b.dkrls}, args...), []string{b.docker, "images"}, []string{b.self, "transfer", b.host})
		if err != nil {
			return err
		}
	}
	return nil
}

// table measures and prints a row for the start-up, and for each number of images, inventory and form.
func (b *bench) table(ctx context.Context, counts []string) error {
	header()
	if err := b.row(ctx, "0", "--version", 25, []string{b.dkrls, "--version"}, []string{b.docker, "--version"}, nil); err != nil {
		return err
	}
	for _, count := range counts {
		n, err := strconv.Atoi(count)
		if err != nil {
			return err
		}
		for _, kind := range b.inventories(n) {
			if err := b.images(ctx, n, kind); err != nil {
				return err
			}
		}
	}
	return nil
}

// inventories are those to measure n images in: both where the forms are measured as well.
func (b *bench) inventories(n int) []string {
	if n == b.formsAt {
		return []string{plainInventory, namedInventory}
	}
	return []string{plainInventory}
}

// images measures listings of n images in an inventory.
func (b *bench) images(ctx context.Context, n int, kind string) error {
	ctx, stop := context.WithCancel(ctx)
	engine := exec.CommandContext(ctx, b.self, "serve", socketIn(b.dir), strconv.Itoa(n), kind)
	engine.Cancel = func() error { return engine.Process.Signal(os.Interrupt) }
	engine.Stderr = os.Stderr
	if err := engine.Start(); err != nil {
		stop()
		return err
	}
	defer func() { stop(); _ = engine.Wait() }()
	if err := await(ctx, b.host); err != nil {
		return err
	}
	runs := map[bool]int{true: 25, false: 7}[n < 1000]
	for _, f := range forms(n == b.formsAt) {
		name := f.String()
		if kind == namedInventory {
			name += " (more names)"
		}
		err := b.row(ctx, strconv.Itoa(n), name, runs, append([]string{b.dkrls}, f.ours...), append([]string{b.docker}, f.theirs...), []string{b.self, "transfer", b.host})
		if err != nil {
			return err
		}
	}
	return nil
}

// row measures ours against theirs, in turn, after one uncounted run of each.
func (b *bench) row(ctx context.Context, images, name string, runs int, ours, theirs, least []string) error {
	if b.runs > 0 {
		runs = b.runs
	}
	var wall, cpu, memory, our, their, floor, ourMB, theirMB []float64
	for i := range runs + 1 {
		a, err := b.measure(ctx, ours)
		if err != nil {
			return err
		}
		d, err := b.measure(ctx, theirs)
		if err != nil {
			return err
		}
		var t cost
		if least != nil {
			if t, err = b.measure(ctx, least); err != nil {
				return err
			}
		}
		if i == 0 {
			continue
		}
		wall, cpu, memory = append(wall, a.wall/d.wall), append(cpu, a.cpu/d.cpu), append(memory, a.memory/d.memory)
		our, their, floor = append(our, a.wall), append(their, d.wall), append(floor, t.wall)
		ourMB, theirMB = append(ourMB, a.memory/1e6), append(theirMB, d.memory/1e6)
	}
	fmt.Printf("| %-9s | %-45s | %-22s | %-22s | %-22s | %-27s | %-27s |\n", images, name, ratio(wall), ratio(cpu), ratio(memory),
		fmt.Sprintf("%.3f, %.3f, %.3f", median(our), median(their), median(floor)), fmt.Sprintf("%.0f, %.0f", median(ourMB), median(theirMB)))
	return nil
}

// measure runs a command to its end.
func (b *bench) measure(ctx context.Context, args []string) (cost, error) {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "DOCKER_HOST="+b.host, "DOCKER_CONTEXT=", "DOCKER_CONFIG="+b.dir)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	err := cmd.Run()
	wall := time.Since(start).Seconds()
	if err != nil {
		return cost{}, fmt.Errorf("%v: %w: %s", args, err, stderr.Bytes())
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return cost{}, fmt.Errorf("%v: no resource usage", args)
	}
	return cost{wall, (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds(), peak(usage)}, nil
}

func ratio(all []float64) string {
	return fmt.Sprintf("%.3f (%.3f to %.3f)", median(all), slices.Min(all), slices.Max(all))
}

func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
