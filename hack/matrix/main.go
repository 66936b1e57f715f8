//go:build unix

// Command matrix runs the integration suite on every engine that can be had here, and writes the
// README's table of engines from what the runs report.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// An entry is an engine to run the suite on: of hack/engine-image.sh, or of a registry.
type entry struct {
	made   string // the argument of hack/engine-image.sh
	pulled string // a name in a registry
	store  string // the image store to ask for; empty: the engine's default
	from   string // what the table says of where the engine comes from
}

func entries(ctx context.Context) ([]entry, error) {
	all := []entry{
		{made: "bookworm", from: "Debian 12"},
		{made: "trixie", store: "graphdriver", from: "Debian 13"},
		{made: "trixie", store: "containerd", from: "Debian 13"},
		{made: "29", from: "Go's module proxy, on Debian 13"},
		{made: "podman", from: "Debian 13"},
	}
	pinned, err := printed(ctx, "hack/pinned-image.sh")
	if err != nil {
		return nil, err
	}
	for _, name := range pinned {
		if !strings.HasPrefix(name, "docker-") {
			continue
		}
		image, err := printed(ctx, "hack/pinned-image.sh", name)
		if err != nil {
			return nil, err
		}
		tag, _, _ := strings.Cut(image[0], "@")
		all = append(all, entry{pulled: image[0], from: "`" + tag + "`"})
	}
	return all, nil
}

// printed runs a script of the project and returns the lines that it prints.
func printed(ctx context.Context, script string, args ...string) ([]string, error) {
	command := exec.CommandContext(ctx, script, args...)
	// Interrupted, the script gets the chance to clean up.
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.Stderr = os.Stderr
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", command, err)
	}
	return strings.Fields(string(output)), nil
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "matrix:", err)
		stop()
		os.Exit(1)
	}
}

// run leaves the README as it is where the suite fails on an engine.
func run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "dkr-ls-matrix")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	all, err := entries(ctx)
	if err != nil {
		return err
	}
	var results []result
	var failed error
	for i, e := range all {
		image, err := e.image(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			if e.made != "" {
				return err
			}
			fmt.Fprintf(os.Stderr, "matrix: %s: left out: %v\n", e.pulled, err)
			continue
		}
		fmt.Fprintf(os.Stderr, "matrix: %s %s\n", image, e.store)
		report := filepath.Join(dir, fmt.Sprintf("%d.json", i))
		err = suite(ctx, image, e.store, report)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("the suite on %s %s: %w", image, e.store, err))
			continue
		}
		r, err := read(report)
		if err != nil {
			return err
		}
		r.from = e.from
		fmt.Fprintf(os.Stderr, "matrix: %s: %d passed, %d skipped\n", r.engine, r.passed, len(r.skipped))
		results = append(results, r)
	}
	if failed != nil {
		return failed
	}
	return writeTable("README.md", table(results, time.Now()))
}

// image makes the entry's image or pulls it, if it is not there, and returns its name.
func (e entry) image(ctx context.Context) (string, error) {
	if e.made != "" {
		lines, err := printed(ctx, "hack/engine-image.sh", e.made)
		if err != nil {
			return "", err
		}
		return lines[len(lines)-1], nil
	}
	if exec.CommandContext(ctx, "docker", "image", "inspect", e.pulled).Run() == nil {
		return e.pulled, nil
	}
	if output, err := exec.CommandContext(ctx, "docker", "pull", "--quiet", e.pulled).CombinedOutput(); err != nil {
		return "", errors.New(strings.TrimSpace(string(output)))
	}
	return e.pulled, nil
}

// suite runs the integration suite, and has it write a report.
func suite(ctx context.Context, image, store, report string) error {
	command := exec.CommandContext(ctx, "go", "test", "-count=1", "-timeout=20m", "./integration",
		"-ginkgo.randomize-all", "-ginkgo.json-report="+report)
	// Interrupted, the suite gets the chance to clean up.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGINT) }
	command.Env = append(os.Environ(), "DKR_LS_ENGINE_IMAGE="+image, "DKR_LS_ENGINE_STORE="+store)
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	return command.Run()
}
