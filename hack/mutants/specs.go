//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// An outcome is what became of a mutant.
type outcome string

const (
	wasKilled  outcome = "killed"
	wasLate    outcome = "too late" // killed as well: it may never end
	lived      outcome = "lived"
	notReached outcome = "not reached"
)

// A part of a package's specs is those of a file.
type part struct {
	args  []string
	takes time.Duration
	asks  map[int]bool // the mutants that it gets to
}

// A worker tries mutants, one at a time.
type worker struct {
	pkg    mutated
	folder string // of its own
}

// tryAll tries the mutants of a package, three at a time: many specs wait, and few do nothing else.
func tryAll(ctx context.Context, scratch string, p mutated) (map[int]outcome, error) {
	workers := make([]worker, 3)
	for i := range workers {
		workers[i] = worker{p, filepath.Join(scratch, strconv.Itoa(i))}
		if err := workers[i].build(ctx); err != nil {
			return nil, err
		}
	}
	parts, err := workers[0].parts(ctx)
	if err != nil {
		return nil, err
	}
	numbers := make(chan int)
	go func() {
		defer close(numbers)
		for n := p.first; n < p.end; n++ {
			numbers <- n
		}
	}()
	var (
		group    sync.WaitGroup
		lock     sync.Mutex
		outcomes = map[int]outcome{}
	)
	for _, w := range workers {
		group.Go(func() {
			for n := range numbers {
				o, failed := w.try(ctx, parts, n)
				lock.Lock()
				outcomes[n], err = o, errors.Join(err, failed)
				lock.Unlock()
			}
		})
	}
	group.Wait()
	return outcomes, err
}

func (w worker) specs() string   { return filepath.Join(w.folder, "specs") }
func (w worker) program() string { return filepath.Join(w.folder, "dkr-ls") }
func (w worker) asked() string   { return filepath.Join(w.folder, "asked") }

// build builds a package and its specs.
func (w worker) build(ctx context.Context) error {
	if err := os.MkdirAll(w.asked(), 0o700); err != nil {
		return err
	}
	for _, args := range [][]string{{"build", "-o", w.program()}, {"test", "-c", "-vet=off", "-o", w.specs()}} {
		args = append(args, "-trimpath", fmt.Sprintf("-ldflags=-s -X=%s.folder=%s", activePackage, w.folder), w.pkg.ImportPath)
		if output, err := w.run(ctx, "go", args...); err != nil {
			return fmt.Errorf("go %v: %w\n%s", args, err, output)
		}
	}
	return nil
}

// run runs a command in the package's copy. When its time is up, all that it has started ends, too.
func (w worker) run(ctx context.Context, name string, args ...string) (output []byte, err error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = w.pkg.copied
	cmd.Env = append(cmd.Environ(), "DKR_LS_BINARY="+w.program())
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	var buffer bytes.Buffer
	cmd.Stdout, cmd.Stderr = &buffer, &buffer
	err = cmd.Run()
	return buffer.Bytes(), err
}

// parts runs the specs on no mutant, a file at a time. Those that take least come first.
func (w worker) parts(ctx context.Context) ([]part, error) {
	parts := []part{{args: []string{"-test.run=^(Example|Fuzz)"}}}
	// Specs that measure what the program takes: with its mutants it takes more.
	leftOut := []string{"memory_linux_test.go", "shape_test.go"}
	for _, name := range slices.Concat(w.pkg.TestGoFiles, w.pkg.XTestGoFiles) {
		if !slices.Contains(leftOut, name) {
			parts = append(parts, part{args: []string{"-test.run=^Test", "-ginkgo.focus-file=/" + name}})
		}
	}
	for i := range parts {
		start := time.Now()
		output, err := w.runPart(ctx, parts[i], 0)
		if err != nil {
			return nil, fmt.Errorf("without a mutant: %v: %w\n%s", parts[i].args, err, output)
		}
		parts[i].takes = time.Since(start)
		if parts[i].asks, err = w.takeAsked(); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return int(a.takes - b.takes) })
	return parts, nil
}

// takeAsked are the mutants that the part asked for that has just been run.
func (w worker) takeAsked() (map[int]bool, error) {
	files, err := os.ReadDir(w.asked())
	if err != nil {
		return nil, err
	}
	asked := map[int]bool{}
	for _, file := range files {
		n, err := strconv.Atoi(file.Name())
		if err != nil {
			return nil, err
		}
		asked[n] = true
		if err := os.Remove(filepath.Join(w.asked(), file.Name())); err != nil {
			return nil, err
		}
	}
	return asked, nil
}

// runPart runs a part of the specs on a mutant, until one fails.
func (w worker) runPart(ctx context.Context, p part, mutant int) (output []byte, err error) {
	if err := os.WriteFile(filepath.Join(w.folder, "number"), []byte(strconv.Itoa(mutant)), 0o600); err != nil {
		return nil, err
	}
	return w.run(ctx, w.specs(), append([]string{"-ginkgo.fail-fast", "-ginkgo.no-color"}, p.args...)...)
}

// try runs on a mutant the specs that get to it, until one fails.
func (w worker) try(ctx context.Context, parts []part, mutant int) (outcome, error) {
	result := notReached
	for _, p := range parts {
		if !p.asks[mutant] {
			continue
		}
		result = lived
		limited, cancel := context.WithTimeout(ctx, 5*time.Second+5*p.takes)
		_, err := w.runPart(limited, p, mutant)
		late := limited.Err() != nil && ctx.Err() == nil
		cancel()
		switch {
		case late:
			return wasLate, ctx.Err()
		case errors.As(err, new(*exec.ExitError)):
			return wasKilled, ctx.Err()
		case err != nil:
			return result, err
		}
	}
	return result, nil
}
