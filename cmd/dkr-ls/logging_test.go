package main

import (
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// warning is a world in GitHub Actions with an engine that warns, and fails by err, if any.
func warning(err error) world {
	return world{
		env: map[string]string{"GITHUB_ACTIONS": "true"},
		connect: func(_ endpoint.Options, log *slog.Logger) (lister.Engine, error) {
			log.With("engine", "a%b").Warn("it\nis slow", "by", 3, "level", slog.LevelWarn, "at", "tcp://me:secret@a", "err", errors.New("tcp://me:secret@b"))
			return shelf{err}, nil
		},
	}
}

var _ = Describe("in GitHub Actions", func() {
	const annotation = "::warning title=dkr-ls::it\\x0ais slow, engine: a%25b, by: 3, level: WARN, at: tcp://a, err: tcp://b\n"

	It("a warning is an annotation as well", func(ctx SpecContext) {
		got := warning(nil).run(ctx, "repos")
		Expect(got.status).To(BeZero())
		Expect(got.stdout).To(Equal("REPOSITORY\nnginx\ndebian\n"))
		Expect(got.stderr).To(MatchRegexp(`\Atime=\S+ level=WARNING msg=.* at=tcp://a err=tcp://b\n`))
		Expect(got.stderr).To(HaveSuffix("\n" + annotation))
	})

	It("an error is an annotation as well", func(ctx SpecContext) {
		Expect(warning(errors.New("it is down")).run(ctx, "tags", "--log-level=ERROR")).To(Equal(result{
			1, "", annotation + "Error: listing images: it is down\n::error title=dkr-ls::listing images: it is down\n",
		}))
	})

	It("wrong use is an annotation after the usage line", func(ctx SpecContext) {
		want := wrongUse("unknown command: tagz (did you mean tags?)", ofProgram)
		want.stderr += "::error title=dkr-ls::unknown command: tagz (did you mean tags?)\n"
		Expect(warning(nil).run(ctx, "tagz")).To(Equal(want))
	})
})

var _ = Describe("--log-file", func() {
	var path string
	BeforeEach(func() { path = filepath.Join(GinkgoT().TempDir(), "log") })

	// records are the lines of the log.
	type record struct{ Level, Msg, By, Err string }
	records := func() (all []record) {
		GinkgoHelper()
		text, err := os.ReadFile(path)
		Expect(err).NotTo(HaveOccurred())
		for line := range strings.Lines(string(text)) {
			var r record
			Expect(json.Unmarshal([]byte(line), &r)).To(Succeed())
			all = append(all, r)
		}
		return all
	}

	It("adds everything to the end of a file as JSON lines, whatever stderr shows", func(ctx SpecContext) {
		Expect(os.WriteFile(path, []byte("{\"msg\":\"before\"}\n"), 0o600)).To(Succeed())
		Expect(dkrls(ctx, "tags", "--minAge", "20", "--log-file", path)).To(Equal(result{0, header + debian, ""}))
		Expect(records()).To(Equal([]record{
			{Msg: "before"}, {Level: "DEBUG", Msg: "engine answered"}, {Level: "DEBUG", Msg: "filtered", By: "minAge"}, {Level: "DEBUG", Msg: "done"},
		}))
	})

	It("is opened before any engine is asked", func(ctx SpecContext) {
		path = filepath.Join(path, "log") // in a folder that is missing
		_, err := os.Open(path)           // in the system's words
		Expect(unconnected(ctx, "tags", "--log-file", path)).To(Equal(
			result{1, "", "Error: opening the log file: " + err.Error() + "; try: another place for it\n"}))
	})

	It("holds nothing that hides, moves the cursor or commands a CI runner, and neither does stderr", func(ctx SpecContext) {
		hostile := "x\n::error ::a ##[error]b \x1b[2J\u202e\u200b\u3164\ufe0f\u2800\x7f\u009b \u0301"
		got := asking(shelf{errors.New(hostile)}).run(ctx, "tags", "--log-level=DEBUG", "--log-file", path)
		Expect(got.status).To(Equal(1))
		file, err := os.ReadFile(path)
		Expect(err).NotTo(HaveOccurred())
		for line := range strings.Lines(got.stderr + string(file)) {
			line = strings.TrimSuffix(line, "\n")
			Expect(line).To(Equal(lister.Escape(line)))
			Expect(line).NotTo(MatchRegexp(`^\s*::|##\[`))
		}
		Expect(got.stderr).To(HaveSuffix(`\x0a::error ::a \x23\x23[error]b \x1b[2J\u202e\u200b\u3164\ufe0f\u2800\x7f\u009b \u0301` + "\n"))
		all := records()
		Expect(all[len(all)-1].Err).To(Equal("listing images: "+hostile), "which JSON can hold")
	})
})
