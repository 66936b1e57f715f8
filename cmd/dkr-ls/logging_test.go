package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/dkr-ls/dkr-ls/lister"
)

var _ = Describe("--log-file", func() {
	It("gets everything as JSON lines, whatever reaches stderr", func(ctx SpecContext) {
		path := filepath.Join(GinkgoT().TempDir(), "log")
		Expect(os.WriteFile(path, []byte("{\"msg\":\"before\"}\n"), 0o600)).To(Succeed())
		Expect(dkrls(ctx, "tags", "--minAge", "20", "--log-file", path)).To(Equal(result{0, header + debian, ""}))

		text, err := os.ReadFile(path)
		Expect(err).NotTo(HaveOccurred())
		var messages []string
		for line := range strings.Lines(string(text)) {
			var record struct{ Msg, Level, By string }
			Expect(json.Unmarshal([]byte(line), &record)).To(Succeed())
			messages = append(messages, strings.TrimSpace(record.Level+" "+record.Msg+" "+record.By))
		}
		Expect(messages).To(Equal([]string{"before", "DEBUG engine answered", "DEBUG filtered minAge", "DEBUG done"}))
	})

	It("names levels as --log-level does, and nothing else", func() {
		Expect(shown(nil, slog.Any(slog.LevelKey, slog.LevelWarn)).Value.String()).To(Equal("WARNING"))
		Expect(shown(nil, slog.Any("least", slog.LevelWarn)).Value.String()).To(Equal("WARN"))
	})

	It("that cannot be opened is an error before any engine is asked for", func(ctx SpecContext) {
		path := filepath.Join(GinkgoT().TempDir(), "no", "log")
		_, err := os.Open(path) // in the system's words
		Expect(unconnected(ctx, "tags", "--log-file", path)).To(Equal(
			result{1, "", "Error: opening the log file: " + err.Error() + "; try: another place for it\n"}))
	})

	It("and stderr hold nothing that hides, moves the cursor or is a command to a CI runner", func(ctx SpecContext) {
		path := filepath.Join(GinkgoT().TempDir(), "log")
		hostile := "x\n::error ::a ##[error]b \x1b[2J\u202e\u200b\u3164\ufe0f\u2800\x7f\u009b \u0301"
		got := with(ctx, shelf{errors.New(hostile)}, "tags", "--log-level=DEBUG", "--log-file", path)
		Expect(got.status).To(Equal(1))
		file, err := os.ReadFile(path)
		Expect(err).NotTo(HaveOccurred())
		for line := range strings.Lines(got.stderr + string(file)) {
			line = strings.TrimSuffix(line, "\n")
			Expect(line).To(Equal(lister.Escape(line)))
			Expect(line).NotTo(MatchRegexp(`^\s*::|##\[`))
		}
		Expect(got.stderr).To(HaveSuffix(`\x0a::error ::a \x23\x23[error]b \x1b[2J\u202e\u200b\u3164\ufe0f\u2800\x7f\u009b \u0301` + "\n"))

		var record struct{ Err string }
		Expect(json.Unmarshal(file[bytes.LastIndexByte(bytes.TrimSpace(file), '\n')+1:], &record)).To(Succeed())
		Expect(record.Err).To(Equal("listing images: " + hostile))
	})
})
