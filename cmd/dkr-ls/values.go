package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/format"
)

// The types here are pflag.Values, so a bad value is a usage error that names its flag.

// A count is a whole number of something, 0 or more.
type count int

func (c *count) String() string { return strconv.Itoa(int(*c)) }
func (*count) Type() string     { return "int" }

func (c *count) Set(text string) error {
	n, err := strconv.Atoi(text)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return errors.New("out of range")
	case err != nil:
		return errors.New("not a whole number, such as 20")
	case n < 0:
		return errors.New("must not be negative")
	}
	*c = count(n)
	return nil
}

// A size is a number of bytes, or none at all.
type size struct{ bytes *int64 }

func (*size) Type() string { return "string" }

func (s *size) String() string {
	if s.bytes == nil {
		return ""
	}
	return strconv.FormatInt(*s.bytes, 10)
}

func (s *size) Set(text string) error {
	bytes, err := lister.ParseSize(text)
	if err != nil {
		return fmt.Errorf("%w, such as 100MB, 1.5GB or 512MiB", err)
	}
	s.bytes = &bytes
	return nil
}

// A timeout is how long a run may take, or 0 for ever.
type timeout time.Duration

func (*timeout) Type() string { return "duration" }

func (t *timeout) String() string { return time.Duration(*t).String() }

func (t *timeout) Set(text string) error {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return errors.New("not a duration, such as 500ms, 10s or 2m")
	case d < 0:
		return errors.New("must not be negative")
	}
	*t = timeout(d)
	return nil
}

const formatUsage = "print as `form`: table, json (one object per line), a Go template, or table and a template"

// templateAbout is the help on what a template may name.
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

// A formatValue is how to print a listing.
type formatValue[Row lister.Tag | lister.Repository] struct {
	format.Format[Row]
	text  string
	parse func(string) (format.Format[Row], error)
}

func (*formatValue[Row]) Type() string { return "form" }

func (f *formatValue[Row]) String() string { return f.text }

func (f *formatValue[Row]) Set(text string) (err error) {
	f.text = text
	f.Format, err = f.parse(text)
	return err
}

// A sortKey is what a listing is sorted by.
type sortKey struct {
	lister.Key
	keys []string // the choices, in the order of lister's
}

func (*sortKey) Type() string { return "key" }

func (k *sortKey) String() string { return k.keys[k.Key] }

func (k *sortKey) Set(text string) error {
	i := slices.Index(k.keys, text)
	if i < 0 {
		return fmt.Errorf("not one of %s", strings.Join(k.keys, ", "))
	}
	k.Key = lister.Key(i)
	return nil
}

// A level is how grave a log record must be to reach stderr.
type level slog.Level

// levelNames are the levels by their names, the least grave first.
func levelNames() []string { return []string{"DEBUG", "INFO", "WARNING", "ERROR"} }

func (*level) Type() string { return "level" }

func (l *level) String() string { return levelName(slog.Level(*l)) }

func (l *level) Set(text string) error {
	name := strings.ToUpper(text)
	if name == "WARN" {
		name = "WARNING"
	}
	for i, known := range levelNames() {
		if name == known {
			*l = level(slog.LevelDebug + slog.Level(4*i))
			return nil
		}
	}
	return fmt.Errorf("not one of %s", strings.Join(levelNames(), ", "))
}

// levelName is the name of one of the four levels, as the flag takes it.
func levelName(l slog.Level) string {
	return levelNames()[(l-slog.LevelDebug)/4]
}
