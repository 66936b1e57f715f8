package main

import (
	"errors"
	"log/slog"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

var _ = Describe("in GitHub Actions", func() {
	// inActions runs the program with an engine that warns, and then does as err has it.
	inActions := func(ctx SpecContext, err error, args ...string) result {
		var stdout, stderr strings.Builder
		p := &process{stdout: &stdout, stderr: &stderr, now: clock, getenv: func(name string) string {
			return map[string]string{"GITHUB_ACTIONS": "true"}[name]
		}}
		p.connect = func(_ endpoint.Options, log *slog.Logger) (lister.Engine, error) {
			log.With("engine", "a%b").Warn("it\nis slow", "by", 3)
			return shelf{err}, nil
		}
		return result{run(ctx, args, p), stdout.String(), stderr.String()}
	}

	It("warnings are annotations too", func(ctx SpecContext) {
		got := inActions(ctx, nil, "repos")
		Expect(got.status).To(BeZero())
		Expect(got.stdout).To(Equal("REPOSITORY\nnginx\ndebian\n"))
		Expect(got.stderr).To(HaveSuffix("\n::warning title=dkr-ls::it\\x0ais slow, engine: a%25b, by: 3\n"))
		Expect(got.stderr).To(HavePrefix("time="))
	})

	It("errors are annotations too", func(ctx SpecContext) {
		Expect(inActions(ctx, errors.New("it is down"), "tags", "--log-level=ERROR")).To(Equal(result{
			1, "",
			"::warning title=dkr-ls::it\\x0ais slow, engine: a%25b, by: 3\n" +
				"Error: listing images: it is down\n::error title=dkr-ls::listing images: it is down\n",
		}))
	})

	It("so is wrong use, whose usage text comes first", func(ctx SpecContext) {
		got := inActions(ctx, nil, "tagz")
		Expect(got.status).To(Equal(2))
		Expect(got.stderr).To(HavePrefix("Error: unknown command: tagz (did you mean tags?)\nUsage:\n"))
		Expect(got.stderr).To(HaveSuffix("\n::error title=dkr-ls::unknown command: tagz (did you mean tags?)\n"))
	})
})
