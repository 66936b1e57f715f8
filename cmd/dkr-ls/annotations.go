package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// annotations writes warnings and errors as workflow commands, which GitHub Actions shows beside
// the run. It reads them from stderr as well as from stdout.
type annotations struct {
	w     io.Writer
	attrs []slog.Attr
}

// annotations are on where the program runs in GitHub Actions.
func (p process) annotations() slog.Handler {
	if p.getenv("GITHUB_ACTIONS") != "true" {
		return slog.DiscardHandler
	}
	return annotations{w: p.stderr}
}

func (annotations) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

func (a annotations) WithAttrs(attrs []slog.Attr) slog.Handler {
	return annotations{a.w, append(a.attrs[:len(a.attrs):len(a.attrs)], attrs...)}
}

func (a annotations) WithGroup(string) slog.Handler { return a }

func (a annotations) Handle(_ context.Context, r slog.Record) error {
	kind := "warning"
	if r.Level >= slog.LevelError {
		kind = "error"
	}
	var text strings.Builder
	text.WriteString(r.Message)
	add := func(attr slog.Attr) bool {
		fmt.Fprintf(&text, ", %s: %v", attr.Key, attr.Value)
		return true
	}
	for _, attr := range a.attrs {
		add(attr)
	}
	r.Attrs(add)
	// A message with a percent sign could hold an escape of the workflow command's own.
	message := strings.ReplaceAll(lister.Escape(endpoint.Redact(text.String())), "%", "%25")
	_, err := fmt.Fprintf(a.w, "::%s title=%s::%s\n", kind, program, message)
	return err
}
