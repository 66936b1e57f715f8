package main

import (
	"context"
	"errors"
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
)

// deadline is how long a process that does not wait for anything may take on a busy machine.
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

// A result is what one run of the program left behind.
type result struct {
	status         int
	stdout, stderr string
}

// shelf is an engine of two images, as the specs' clock has it: 16 days and two months old.
type shelf struct{ err error }

func (e shelf) Images(context.Context, lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		if e.err != nil {
			yield(lister.Image{}, e.err)
			return
		}
		created := clock().Add(-16 * 24 * time.Hour).Unix()
		_ = yield(lister.Image{ID: "sha256:7e4d58f0e5f3aa", RepoTags: []string{"nginx:latest"}, Created: created, Size: 133e6, Containers: -1, SharedSize: -1}, nil) &&
			yield(lister.Image{ID: "sha256:108d75da320faa", RepoTags: []string{"debian:slim"}, Created: created - 60*24*3600, Size: 692e5, Containers: -1, SharedSize: -1}, nil)
	}
}

func noEnv(string) string { return "" }

func clock() time.Time { return time.Date(2020, 9, 25, 12, 0, 0, 0, time.UTC) }

// dkrls runs the program on the shelf.
func dkrls(ctx context.Context, args ...string) result {
	return with(ctx, shelf{}, args...)
}

// with runs the program on an engine.
func with(ctx context.Context, e lister.Engine, args ...string) result {
	var stdout, stderr strings.Builder
	return result{run(ctx, args, processOn(e, &stdout, &stderr)), stdout.String(), stderr.String()}
}

// processOn is a process whose engine is e, whatever the flags say.
func processOn(e lister.Engine, stdout, stderr io.Writer) *process {
	connect := func(endpoint.Options, *slog.Logger) (lister.Engine, error) { return e, nil }
	return &process{stdout: stdout, stderr: stderr, now: clock, getenv: noEnv, connect: connect}
}

// unconnected runs the program where asking for an engine fails the spec.
func unconnected(ctx context.Context, args ...string) result {
	GinkgoHelper()
	var stdout, stderr strings.Builder
	asked := false
	p := processOn(nil, &stdout, &stderr)
	p.connect = func(endpoint.Options, *slog.Logger) (lister.Engine, error) {
		asked = true
		return nil, errors.New("the engine was asked for")
	}
	status := run(ctx, args, p)
	Expect(asked).To(BeFalse())
	return result{status, stdout.String(), stderr.String()}
}

// wrongUsage is what follows an error of wrong use, of a command with these arguments.
func wrongUsage(call string) string {
	topic := ""
	if name, _, _ := strings.Cut(call, " "); name != "[flags]" {
		topic = " " + name
	}
	return "Usage:\n  dkr-ls " + call + "\n\n\"dkr-ls help" + topic + "\" tells more.\n"
}

// golden is the text of a file in testdata.
func golden(name string) string {
	GinkgoHelper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	Expect(err).NotTo(HaveOccurred())
	return string(text)
}

var errFull = errors.New("no space left on device")

type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, errFull }

// engineOf is an engine of just these images.
type engineOf []lister.Image

func (all engineOf) Images(context.Context, lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		for _, image := range all {
			if !yield(image, nil) {
				return
			}
		}
	}
}
