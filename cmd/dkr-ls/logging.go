package main

import (
	"fmt"
	"io"
	"log/slog"
	"strings"

	slogmulti "github.com/samber/slog-multi"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// logger logs to stderr at the chosen level, warnings to GitHub Actions and, when asked for,
// everything to the end of a file. done closes that file, and fails where not all of the log is in it.
func (o *rootOptions) logger(p process) (log *slog.Logger, done func() error, err error) {
	text := slog.NewTextHandler(safeLines{p.stderr, lister.Escape}, &slog.HandlerOptions{Level: slog.Level(o.level), ReplaceAttr: shown})
	if o.logFile == "" {
		return slog.New(slogmulti.Fanout(text, p.annotations())), func() error { return nil }, nil
	}
	file, err := openLog(o.logFile)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the log file: %w", err)
	}
	kept := &keeper{to: file}
	lines := slog.NewJSONHandler(safeLines{kept, lister.EscapeJSON}, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: shown})
	return slog.New(slogmulti.Fanout(text, p.annotations(), lines)), kept.close, nil
}

// A keeper writes a log, and remembers what first went wrong: a log/slog.Logger does not tell.
type keeper struct {
	to  io.WriteCloser
	err error
}

func (k *keeper) Write(line []byte) (int, error) {
	n, err := k.to.Write(line)
	if k.err == nil {
		k.err = err
	}
	return n, err
}

func (k *keeper) close() error {
	if err := k.to.Close(); k.err == nil {
		k.err = err
	}
	if k.err != nil {
		return fmt.Errorf("writing the log file: %w; try: another place for it", k.err)
	}
	return nil
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

// shown is an attribute as logs have it: a level as --log-level takes it, which is WARNING where slog
// has WARN, and addresses without their secrets.
func shown(_ []string, a slog.Attr) slog.Attr {
	switch value := a.Value.Any().(type) {
	case slog.Level:
		if a.Key == slog.LevelKey {
			a.Value = slog.StringValue(levelName(value))
		}
	case string:
		a.Value = slog.StringValue(endpoint.Redact(value))
	case error:
		a.Value = slog.StringValue(endpoint.Redact(value.Error()))
	}
	return a
}
