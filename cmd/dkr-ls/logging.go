package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	slogmulti "github.com/samber/slog-multi"

	"github.com/dkr-ls/dkr-ls/lister"
)

// logger logs to stderr at the chosen level, warnings to GitHub Actions and, when asked for,
// everything to the end of a file. done closes that file.
func (o *rootOptions) logger(p process) (log *slog.Logger, done func(), err error) {
	text := slog.NewTextHandler(safeLines{p.stderr, lister.Escape}, &slog.HandlerOptions{Level: slog.Level(o.level), ReplaceAttr: nameLevel})
	if o.logFile == "" {
		return slog.New(slogmulti.Fanout(text, p.annotations())), func() {}, nil
	}
	const onlyOwner = 0o600
	file, err := os.OpenFile(o.logFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, onlyOwner)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the log file: %w", err)
	}
	lines := slog.NewJSONHandler(safeLines{file, lister.EscapeJSON}, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: nameLevel})
	return slog.New(slogmulti.Fanout(text, p.annotations(), lines)), func() { _ = file.Close() }, nil
}

// safeLines escapes what a handler has left in a line that must not be printed: slog quotes control
// characters, but neither invisible runes that Unicode calls letters nor commands to a CI runner.
type safeLines struct {
	w      io.Writer
	escape func(string) string
}

func (s safeLines) Write(line []byte) (int, error) {
	_, err := io.WriteString(s.w, s.escape(strings.TrimSuffix(string(line), "\n"))+"\n")
	return len(line), err
}

// nameLevel writes levels as --log-level takes them: WARNING, where slog has WARN.
func nameLevel(_ []string, a slog.Attr) slog.Attr {
	if level, ok := a.Value.Any().(slog.Level); ok && a.Key == slog.LevelKey {
		a.Value = slog.StringValue(levelName(level))
	}
	return a
}
