package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
	"github.com/dkr-ls/dkr-ls/lister/engine"
)

// deadline is how long a process that waits for nothing may take on a busy machine.
const deadline = 20 * time.Second

func TestCommand(t *testing.T) {
	RegisterFailHandler(Fail)
	SetDefaultEventuallyTimeout(deadline)
	EnforceDefaultTimeoutsWhenUsingContexts()
	suite, reporter := GinkgoConfiguration()
	if end, ok := t.Deadline(); ok { // a spec that hangs ends, and is cleaned up after, before go test panics
		suite.Timeout = min(suite.Timeout, time.Until(end)-time.Minute)
	}
	RunSpecs(t, "cmd/dkr-ls", suite, reporter)
}

// A result is what a run leaves behind.
type result struct {
	status         int
	stdout, stderr string
}

// A world is all of the outside that a run inside this process can touch.
type world struct {
	connect  func(endpoint.Options, *slog.Logger) (lister.Engine, error)
	contexts func(folder string) ([]string, []error)
	env      map[string]string
	plugin   bool      // docker runs the program
	stdout   io.Writer // nil: the result has it
}

// run runs the program.
func (w world) run(ctx context.Context, args ...string) result {
	var stdout, stderr strings.Builder
	if w.stdout == nil {
		w.stdout = &stdout
	}
	status := run(ctx, args, &process{
		stdout: w.stdout, stderr: &stderr, now: clock, plugin: w.plugin, connect: w.connect, contexts: w.contexts,
		getenv: func(name string) string { return w.env[name] },
	})
	return result{status, stdout.String(), stderr.String()}
}

func clock() time.Time { return time.Date(2020, 9, 25, 12, 0, 0, 0, time.UTC) }

// asking is a world with one engine, whatever the flags choose.
func asking(e lister.Engine) world {
	return world{connect: func(endpoint.Options, *slog.Logger) (lister.Engine, error) { return e, nil }}
}

// dkrls runs the program on the shelf.
func dkrls(ctx context.Context, args ...string) result { return asking(shelf{}).run(ctx, args...) }

// unconnected runs the program where asking for an engine fails the spec.
func unconnected(ctx context.Context, args ...string) result {
	GinkgoHelper()
	asked := 0
	got := world{
		connect: func(endpoint.Options, *slog.Logger) (lister.Engine, error) {
			asked++
			return nil, errors.New("the engine was asked for")
		},
		contexts: func(string) ([]string, []error) {
			asked++
			return nil, nil
		},
	}.run(ctx, args...)
	Expect(asked).To(BeZero())
	return got
}

// choosing is a world that finds engines as the program does, by these variables.
func choosing(env map[string]string) world {
	getenv := func(name string) string { return env[name] }
	return world{
		env: env,
		connect: func(o endpoint.Options, log *slog.Logger) (lister.Engine, error) {
			endpoint, err := endpoint.Setup(o.Folder, getenv, log).Locate(o)
			if err != nil {
				return nil, err
			}
			return engine.NewClient(endpoint, log)
		},
		contexts: func(folder string) ([]string, []error) { return endpoint.Contexts(folder, getenv) },
	}
}

// inContexts is a world with docker contexts: up, also and the default one have the shelf, down has an
// engine that fails, odd one with unusual names, hung one that does not answer, and lost cannot be found
// before ctx ends.
func inContexts(ctx context.Context) world {
	return world{
		contexts: func(string) ([]string, []error) { return []string{"also", "down", "up"}, nil },
		connect: func(o endpoint.Options, _ *slog.Logger) (lister.Engine, error) {
			switch o.Context {
			case "", "up", "also":
				return shelf{}, nil
			case "down":
				return shelf{errors.New("it is down")}, nil
			case "odd":
				return images{
					{ID: "a", RepoTags: []string{"$(reboot):1", "a b:1", "`x`:1", "a;b:1", "a\x1bb:1", "[::1]:5000/a:1", "localhost:5000/a_b-c.d:1", "A/b:1"}},
					{ID: "b"},
				}, nil
			case "hung":
				return hung{}, nil
			case "lost":
				<-ctx.Done()
			}
			return nil, fmt.Errorf("context %s: there is no such context", o.Context)
		},
	}
}

// shelf is an engine with two images, as the specs' clock has it: 16 days and two months old.
type shelf struct{ err error }

// Containers is one, of the bigger image.
func (e shelf) Containers(context.Context) ([]lister.Container, error) {
	return []lister.Container{{Name: "web", Image: "nginx", ImageID: "sha256:7e4d58f0e5f3aa"}}, e.err
}

func (e shelf) Images(ctx context.Context, want lister.Want) iter.Seq2[lister.Image, error] {
	if e.err != nil {
		return func(yield func(lister.Image, error) bool) { yield(lister.Image{}, e.err) }
	}
	created := clock().Add(-16 * 24 * time.Hour).Unix()
	return images{
		{ID: "sha256:7e4d58f0e5f3aa", RepoTags: []string{"nginx:latest"}, RepoDigests: []string{"nginx@sha256:aa"}, Created: created, Size: 133e6, Containers: -1, SharedSize: -1},
		{ID: "sha256:108d75da320faa", RepoTags: []string{"debian:slim"}, Created: created - 60*24*3600, Size: 692e5, Labels: map[string]string{"team": "base"}, Containers: -1, SharedSize: 2e5},
	}.Images(ctx, want)
}

// images is an engine with just these images.
type images []lister.Image

func (all images) Images(context.Context, lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		for _, image := range all {
			if !yield(image, nil) {
				return
			}
		}
	}
}

func (images) Containers(context.Context) ([]lister.Container, error) { return nil, nil }

// hung is an engine that does not answer.
type hung struct{ images }

func (hung) Images(ctx context.Context, _ lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		<-ctx.Done()
		yield(lister.Image{}, context.Cause(ctx))
	}
}

// wrongUse is the result of wrong use of a command, which usage shows with its arguments.
func wrongUse(message, usage string) result {
	topic := ""
	if name, _, _ := strings.Cut(usage, " "); name != "[flags]" {
		topic = " " + name
	}
	return result{2, "", "Error: " + message + "\nUsage:\n  dkr-ls " + usage + "\n\nRun \"dkr-ls help" + topic + "\" for more.\n"}
}

// golden is the text of a file in testdata.
func golden(name string) string {
	GinkgoHelper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	Expect(err).NotTo(HaveOccurred())
	return string(text)
}
