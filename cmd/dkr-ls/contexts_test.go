package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// A hungEngine does not answer.
type hungEngine struct{}

func (hungEngine) Images(ctx context.Context, _ lister.Want) iter.Seq2[lister.Image, error] {
	return func(yield func(lister.Image, error) bool) {
		<-ctx.Done()
		yield(lister.Image{}, context.Cause(ctx))
	}
}

var _ = Describe("several contexts", func() {
	// inContexts is a process where the contexts up and also have the shelf, down has an engine that
	// fails, hung has one that does not answer, lost has files that do not, and there are no others.
	inContexts := func(ctx SpecContext, stdout, stderr io.Writer) *process {
		p := &process{stdout: stdout, stderr: stderr, now: clock, getenv: noEnv}
		p.contexts = func(string) ([]string, []error) { return []string{"also", "down", "up"}, nil }
		p.connect = func(o endpoint.Options, _ *slog.Logger) (lister.Engine, error) {
			switch o.Context {
			case "up", "also":
				return shelf{}, nil
			case "down":
				return shelf{errors.New("it is down")}, nil
			case "hung":
				return hungEngine{}, nil
			case "lost":
				<-ctx.Done() // which ends with the spec
			}
			return nil, fmt.Errorf("context %s: there is no such context", o.Context)
		}
		return p
	}
	of := func(ctx SpecContext, args ...string) result {
		var stdout, stderr strings.Builder
		return result{run(ctx, args, inContexts(ctx, &stdout, &stderr)), stdout.String(), stderr.String()}
	}
	column := func(context, table string) (rows []string) {
		for line := range strings.Lines(table) {
			rows = append(rows, fmt.Sprintf("%-20s%s", context, line))
		}
		return rows
	}

	It("add a column in front, and count an image once for each", func(ctx SpecContext) {
		got := of(ctx, "--context", "up", "tags", "--context=also", "--sum", "--prefix", "nginx")
		Expect(got).To(Equal(result{0, column("CONTEXT", header)[0] + column("also", nginx)[0] + column("up", nginx)[0] +
			strings.Replace(column("", total)[0], "202.2MB", "266MB", 1), ""}))
	})

	It("print those that answer, and a line for each that does not, with status 1", func(ctx SpecContext) {
		got := of(ctx, "repos", "--context", "up", "--context", "down", "--context", "nope")
		Expect(got).To(Equal(result{
			1, "CONTEXT             REPOSITORY\nup                  nginx\nup                  debian\n",
			"Error: context down: listing images: it is down\nError: context nope: there is no such context\n",
		}))
	})

	It("are all of them by a star", func(ctx SpecContext) {
		got := of(ctx, "tags", "--context", "*", "--format", "{{.Context}} {{.Repository}}", "--sort", "repository")
		Expect(got).To(Equal(result{1, "also debian\nup debian\nalso nginx\nup nginx\n", "Error: context down: listing images: it is down\n"}))
	})

	DescribeTable("have references where the template says of which engine they are, or names no image", func(ctx SpecContext, format, stdout string) {
		got := of(ctx, "tags", "--context", "up", "--context", "also", "--maxTags=1", "--prefix=nginx", "--format", format)
		Expect(got).To(Equal(result{0, stdout, ""}))
	},
		Entry(nil, "{{.Context}} {{.Reference}}", "also nginx:latest\nup nginx:latest\n"),
		Entry(nil, `{{if eq .Context "up"}}{{.Reference}}{{end}}`, "\nnginx:latest\n"),
		Entry(nil, "{{.Repository}} {{.Size}}", "nginx 133MB\nnginx 133MB\n"),
	)

	It("print nothing where none answers", func(ctx SpecContext) {
		Expect(of(ctx, "tags", "--context", "down", "--context", "nope")).To(Equal(result{
			1, "",
			"Error: context down: listing images: it is down\nError: context nope: there is no such context\n",
		}))
	})

	It("cost no rows but their own where they hang, and each has a line, however long the printing takes", func(ctx SpecContext) {
		reader, writer := io.Pipe()
		var stderr strings.Builder
		status := make(chan int, 1)
		go func() {
			p := inContexts(ctx, writer, &stderr)
			status <- run(ctx, []string{"tags", "--format={{.Tag}}", "--context=hung", "--context=lost", "--context=up", "--timeout=1s"}, p)
			_ = writer.Close()
		}()
		Consistently(status, 1200*time.Millisecond).ShouldNot(Receive())
		Expect(io.ReadAll(reader)).To(BeEquivalentTo("latest\nslim\n"))
		Eventually(status).Should(Receive(Equal(1)))
		Expect(stderr.String()).To(Equal("Error: context hung: listing images: no answer within 1s\n" +
			"Error: finding the engine of context lost: no answer within 1s; try: a longer --timeout\n"))
	})

	It("are told in JSON", func(ctx SpecContext) {
		got := of(ctx, "repos", "--format=json", "--context", "up", "--context", "also")
		Expect(got.stdout).To(HavePrefix(`{"context":"also","repository":"nginx","tags":1,`))
	})

	It("are one where the same is named twice, in a column all the same", func(ctx SpecContext) {
		Expect(of(ctx, "repos", "--context", "up", "--context", "up").stdout).To(Equal(
			"CONTEXT             REPOSITORY\nup                  nginx\nup                  debian\n"))
	})

	It("are none where one is named", func(ctx SpecContext) {
		Expect(of(ctx, "repos", "--context", "up")).To(Equal(result{0, "REPOSITORY\nnginx\ndebian\n", ""}))
	})
})
