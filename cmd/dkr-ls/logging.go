package main

import (
	"fmt"
	"log/slog"
	"os"

	slogmulti "github.com/samber/slog-multi"
)

// logger logs to stderr at the chosen level, warnings to GitHub Actions and, when asked for,
// everything to the end of a file. done closes that file.
func (o *rootOptions) logger(p process) (log *slog.Logger, done func(), err error) {
	text := slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.Level(o.level), ReplaceAttr: nameLevel})
	if o.logFile == "" {
		return slog.New(slogmulti.Fanout(text, p.annotations())), func() {}, nil
	}
	const onlyOwner = 0o600
	file, err := os.OpenFile(o.logFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, onlyOwner)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the log file: %w", err)
	}
	lines := slog.NewJSONHandler(file, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: nameLevel})
	return slog.New(slogmulti.Fanout(text, p.annotations(), lines)), func() { _ = file.Close() }, nil
}

// nameLevel writes levels as --log-level takes them: WARNING, where slog has WARN.
func nameLevel(_ []string, a slog.Attr) slog.Attr {
	if level, ok := a.Value.Any().(slog.Level); ok && a.Key == slog.LevelKey {
		a.Value = slog.StringValue(levelName(level))
	}
	return a
}
