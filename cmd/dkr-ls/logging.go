package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	slogmulti "github.com/samber/slog-multi"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// logger returns a logger to stderr at the chosen level, to GitHub Actions for warnings and, if asked for,
// to the end of a file for everything. done closes the file, and fails if the log is incomplete.
func (c *call) logger() (log *slog.Logger, done func() error, err error) {
	text := &safeLines{to: c.stderr, escape: lister.Escape}
	handlers := []slog.Handler{slog.NewTextHandler(text, &slog.HandlerOptions{Level: c.root.level, ReplaceAttr: shown}), c.annotations()}
	if c.root.logFile == "" {
		return slog.New(slogmulti.Fanout(handlers...)), func() error { return nil }, nil
	}
	file, err := openLog(c.root.logFile)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the log file: %w", err)
	}
	json := &safeLines{to: file, escape: lister.EscapeJSON}
	handlers = append(handlers, slog.NewJSONHandler(json, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: shown}))
	return slog.New(slogmulti.Fanout(handlers...)), func() error {
		if err := cmp.Or(json.err, file.Close()); err != nil {
			return fmt.Errorf("writing the log file: %w; try: another place for it", err)
		}
		return nil
	}, nil
}

// openLog opens a file to append to, and creates it if it is missing. It refuses a FIFO, which would wait
// for a reader, and a link, by which somebody else could choose where the log goes.
func openLog(path string) (*os.File, error) {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file; try: the path of a regular file", path)
	}
	const onlyOwner = 0o600
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, onlyOwner)
	if err != nil {
		return nil, fmt.Errorf("%w; try: another place for it", err)
	}
	return file, nil
}

// safeLines writes a log's lines, and escapes what slog leaves in them: it quotes control characters, but
// neither invisible runes that Unicode calls letters nor commands to a CI runner.
type safeLines struct {
	to     io.Writer
	escape func(string) string
	err    error // the first one, which a log/slog.Logger does not return
}

func (s *safeLines) Write(line []byte) (int, error) {
	_, err := io.WriteString(s.to, s.escape(strings.TrimSuffix(string(line), "\n"))+"\n")
	s.err = cmp.Or(s.err, err)
	return len(line), err
}

// shown returns an attribute as logs show it: WARNING for slog's WARN, as --log-level has it, and addresses
// without their secrets.
func shown(_ []string, a slog.Attr) slog.Attr {
	switch value := a.Value.Any().(type) {
	case slog.Level:
		if a.Key == slog.LevelKey {
			a.Value = slog.StringValue(strings.Replace(value.String(), "WARN", "WARNING", 1))
		}
	case string:
		a.Value = slog.StringValue(endpoint.Redact(value))
	case error:
		a.Value = slog.StringValue(endpoint.Redact(value.Error()))
	}
	return a
}

// annotations writes warnings and errors as workflow commands, which GitHub Actions shows beside the
// run. It reads them from stderr as well as from stdout.
func (p *process) annotations() slog.Handler {
	if p.getenv("GITHUB_ACTIONS") != "true" {
		return slog.DiscardHandler
	}
	return slogmulti.NewHandleInlineHandler(func(_ context.Context, _ []string, attrs []slog.Attr, r slog.Record) error {
		kind := map[slog.Level]string{slog.LevelWarn: "warning", slog.LevelError: "error"}[r.Level]
		if kind == "" {
			return nil
		}
		text := r.Message
		add := func(attr slog.Attr) bool {
			text += fmt.Sprintf(", %s: %v", attr.Key, attr.Value)
			return true
		}
		for _, attr := range attrs {
			add(attr)
		}
		r.Attrs(add)
		// A message with a percent sign could hold an escape of the workflow command itself.
		text = strings.ReplaceAll(lister.Escape(endpoint.Redact(text)), "%", "%25")
		_, err := fmt.Fprintf(p.stderr, "::%s title=%s::%s\n", kind, program, text)
		return err
	})
}
