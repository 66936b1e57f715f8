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

// A setter is a flag's value: it reads the flag's text, and its error is wrong use of the flag.
type setter func(text string) error

func (s setter) Set(text string) error { return s(text) }
func (setter) String() string          { return "" }
func (setter) Type() string            { return "text" }

// choicesKey is a flag's annotation with the values that it may have, for completion.
const choicesKey = "choices"

// count reads a whole number, 0 or more.
func count(to *int) setter {
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

// size reads a number of bytes, which is nil before.
func size(to **int64) setter {
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
func timeout(to *time.Duration) setter {
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

// formatFlag adds --format.
func formatFlag[Row lister.Tag | lister.Repository](flags *pflag.FlagSet, to *format.Format[Row], parse func(string) (format.Format[Row], error)) {
	flags.AddFlag(&pflag.Flag{
		Name:        "format",
		Usage:       "print as `form`: table, json (one object per line), a Go template, or table and a template",
		Annotations: map[string][]string{choicesKey: {"table", "json"}},
		Value: setter(func(text string) (err error) {
			*to, err = parse(text)
			return err
		}),
	})
}

// templateAbout returns the help on what a template may name.
func templateAbout[Row any](columns []lister.Column[Row]) string {
	about := "Templates have docker's functions, and the fields\n"
	for i, c := range columns {
		if i > 0 {
			about += " "
		}
		about += "." + c.Name
	}
	return about
}

// sortFlag adds --sort, whose keys are those of the lister, in their order.
func sortFlag(flags *pflag.FlagSet, to *lister.Key, usage string, keys ...string) {
	flags.AddFlag(&pflag.Flag{
		Name: "sort", Usage: usage, DefValue: keys[0], Annotations: map[string][]string{choicesKey: keys},
		Value: setter(func(text string) error {
			i, err := choose(text, keys)
			*to = lister.Key(i)
			return err
		}),
	})
}

// choose returns the place of text among choices.
func choose(text string, choices []string) (int, error) {
	i := slices.Index(choices, text)
	if i < 0 {
		return 0, fmt.Errorf("not one of %s", strings.Join(choices, ", "))
	}
	return i, nil
}

// levelNames returns the names of log levels, the least grave first.
func levelNames() []string { return []string{"DEBUG", "INFO", "WARNING", "ERROR"} }

// levelName returns the name of one of the four levels.
func levelName(l slog.Level) string { return levelNames()[(l-slog.LevelDebug)/4] }

// logLevel reads how grave a log record must be to reach stderr, by its name or one of aliases.
func logLevel(to *slog.Level, aliases map[string]string) setter {
	return func(text string) error {
		name := strings.ToUpper(text)
		if alias := aliases[name]; alias != "" {
			name = alias
		}
		i, err := choose(name, levelNames())
		*to = slog.LevelDebug + slog.Level(4*i)
		return err
	}
}
