package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/format"
)

// Functions that read a flag's value into a variable. Their errors say why the value is invalid.

// count reads a whole number, 0 or more.
func count(to *int) func(string) error {
	return func(text string) error {
		n, err := strconv.Atoi(text)
		switch {
		case errors.Is(err, strconv.ErrRange):
			return errors.New("out of range")
		case err != nil:
			return errors.New("not a whole number, such as 20")
		case n < 0:
			return errors.New("must not be negative")
		}
		*to = n
		return nil
	}
}

// label reads KEY or KEY=VALUE.
func label(to *[]string) func(string) error {
	return func(text string) error {
		if text == "" || text[0] == '=' {
			return errors.New("a label has a key, such as team or team=web")
		}
		*to = append(*to, text)
		return nil
	}
}

// age reads an age or a time. It stays text, since an age counts back from the time of the listing.
func age(to *string) func(string) error {
	return func(text string) error {
		if _, err := lister.ParseTime(text, time.Now()); err != nil {
			return errors.New("neither days, such as 20, nor an age, such as 36h or 2w, nor a date, such as 2026-01-31")
		}
		*to = text
		return nil
	}
}

// size reads a number of bytes.
func size(to **int64) func(string) error {
	return func(text string) error {
		bytes, err := lister.ParseSize(text)
		if err != nil {
			return fmt.Errorf("%w, such as 100MB, 1.5GB or 512MiB", err)
		}
		*to = &bytes
		return nil
	}
}

// timeout reads a duration, 0 or more.
func timeout(to *time.Duration) func(string) error {
	return func(text string) error {
		d, err := time.ParseDuration(text)
		switch {
		case err != nil:
			return errors.New("not a duration, such as 500ms, 10s or 2m")
		case d < 0:
			return errors.New("must not be negative")
		}
		*to = d
		return nil
	}
}

// choicesKey is a flag's annotation with the values that completion offers.
const choicesKey = "choices"

// describe adds a flag's default value to help, and its choices to completion.
func describe(flags *pflag.FlagSet, name, value string, choices ...string) {
	f := flags.Lookup(name)
	f.DefValue, f.Annotations = value, map[string][]string{choicesKey: choices}
}

// formatFlag adds --format.
func formatFlag(flags *pflag.FlagSet, to *format.Format, parse func(string) (format.Format, error)) {
	*to, _ = parse("table")
	flags.Func("format", "print as `form`: table, json (one object per line), a Go template, or table and a template", func(text string) (err error) {
		*to, err = parse(text)
		return err
	})
	describe(flags, "format", "", "table", "json")
}

// sortFlag adds --sort, whose keys are those of the lister, in their order.
func sortFlag(flags *pflag.FlagSet, to *lister.Key, usage string, keys ...string) {
	flags.Func("sort", usage, func(text string) error {
		i := slices.Index(keys, text)
		if i < 0 {
			return notOneOf(keys)
		}
		*to = lister.Key(i)
		return nil
	})
	describe(flags, "sort", keys[0], keys...)
}

func notOneOf(choices []string) error {
	return errors.New("not one of " + strings.Join(choices, ", "))
}

// templateAbout returns the help on what a template may name.
func templateAbout(columns []lister.Column) string {
	about := "Templates have docker's functions, and the fields "
	for _, c := range columns {
		about += "." + c.Name + " "
	}
	return strings.TrimSpace(about)
}

// levels returns the log levels by all their names, some of which only docker has.
func levels() map[string]slog.Level {
	return map[string]slog.Level{
		"DEBUG": slog.LevelDebug, "TRACE": slog.LevelDebug, "INFO": slog.LevelInfo, "WARNING": slog.LevelWarn, "WARN": slog.LevelWarn,
		"ERROR": slog.LevelError, "FATAL": slog.LevelError, "PANIC": slog.LevelError,
	}
}

// levelNames returns the names of log levels that help and completion show.
func levelNames() []string { return []string{"DEBUG", "INFO", "WARNING", "ERROR"} }

// logLevel reads the level that a log record must have to reach stderr.
func logLevel(to *slog.Level) func(string) error {
	return func(text string) error {
		level, found := levels()[strings.ToUpper(text)]
		if !found {
			return notOneOf(levelNames())
		}
		*to = level
		return nil
	}
}
