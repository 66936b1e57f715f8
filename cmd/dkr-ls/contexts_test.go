package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
)

var _ = Describe("--context", func() {
	// column is a table with a column in front that has the context.
	column := func(context, table string) (rows string) {
		for line := range strings.Lines(table) {
			rows += fmt.Sprintf("%-20s%s", context, line)
		}
		return rows
	}
	const repos = "CONTEXT             REPOSITORY\nup                  nginx\nup                  debian\n"

	DescribeTable("lists several engines", func(ctx SpecContext, want result, args ...string) {
		Expect(inContexts(ctx).run(ctx, args...)).To(Equal(want))
	},
		Entry("in one table, with a column that names the context",
			result{0, column("CONTEXT", header) + column("also", nginx) + column("also", debian), ""}, "tags", "--context=also", "--context", "also"),
		Entry("and counts an image once for each",
			result{0, column("CONTEXT", header) + column("also", nginx) + column("up", nginx) + column("", strings.Replace(total, "202.2MB", "266MB", 1)), ""},
			"--context", "up", "tags", "--context=also", "--sum", "--prefix", "nginx"),
		Entry("and keeps the column if the same is named twice", result{0, repos, ""}, "repos", "--context", "up", "--context", "up"),
		Entry("without a column if one is named", result{0, "REPOSITORY\nnginx\ndebian\n", ""}, "repos", "--context", "up"),
		Entry("all of them for '*'", result{1, "also debian\nup debian\nalso nginx\nup nginx\n", "Error: context down: listing images: it is down\n"},
			"tags", "--context", "*", "--format", "{{.Context}} {{.Repository}}", "--sort", "repository"),
		Entry("as far as they answer, with status 1 and a line for each of the others",
			result{1, repos, "Error: context down: listing images: it is down\nError: context nope: there is no such context\n"},
			"repos", "--context", "up", "--context", "down", "--context", "nope"),
		Entry("and prints nothing if none of them answers",
			result{1, "", "Error: context down: listing images: it is down\nError: context nope: there is no such context\n"},
			"tags", "--context", "down", "--context", "nope"),
		Entry("with references if the template names the context", result{0, "also nginx:latest\nup nginx:latest\n", ""},
			"tags", "--context", "up", "--context", "also", "--prefix=nginx", "--format", "{{.Context}} {{.Reference}}"),
		Entry("with references if the template chooses by context", result{0, "\nnginx:latest\n", ""},
			"tags", "--context", "up", "--context", "also", "--prefix=nginx", "--format", `{{if eq .Context "up"}}{{.Reference}}{{end}}`),
		Entry("with a template that names no image", result{0, "nginx 133MB\nnginx 133MB\n", ""},
			"tags", "--context", "up", "--context", "also", "--prefix=nginx", "--format", "{{.Repository}} {{.Size}}"),
	)

	It("loses no rows of others to an engine that hangs, however long the printing takes", func(ctx SpecContext) {
		reader, writer := io.Pipe()
		w := inContexts(ctx)
		w.stdout = writer
		ended := make(chan result, 1)
		go func() {
			ended <- w.run(ctx, "tags", "--format={{.Tag}}", "--context=hung", "--context=lost", "--context=up", "--timeout=1s")
			_ = writer.Close()
		}()
		Consistently(ended, 1200*time.Millisecond).ShouldNot(Receive())
		Expect(io.ReadAll(reader)).To(BeEquivalentTo("latest\nslim\n"))
		Eventually(ended).Should(Receive(Equal(result{1, "", "Error: context hung: listing images: no answer within 1s\n" +
			"Error: finding the engine of context lost: no answer within 1s; try: a longer --timeout\n"})))
	}, SpecTimeout(deadline))
})
