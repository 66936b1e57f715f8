package main

import (
	"errors"
	"log/slog"
	"strings"

	"github.com/spf13/pflag"
)

// A line is what is typed of a command line, before the word to complete.
type line struct {
	session
	flags   *pflag.FlagSet // that may be typed here
	waiting *pflag.Flag    // for its value, which is the word to complete
	command *command       // nil: none so far
	unknown bool           // there is no such command
	args    []string       // of the command
	ended   bool           // by "--": no more flags
}

// readLine makes what it can of words, as [dispatch] does of a whole command line.
func (p process) readLine(words []string) *line {
	l := &line{session: session{process: p, root: &rootOptions{plugin: p.plugin}, log: slog.New(slog.DiscardHandler)}}
	l.flags = l.root.flags()
	l.flags.SetInterspersed(false)
	words = l.read(words)
	if rest := behindDocker(words); p.plugin && rest != nil {
		l.root.behindDocker()
		words = l.read(rest)
	}
	if len(words) == 0 {
		return l
	}
	var err error
	if l.command, err = lookup(words[0]); err != nil {
		l.unknown = true
		return l
	}
	flags := pflag.NewFlagSet(l.command.name, pflag.ContinueOnError)
	flags.SortFlags = false
	l.command.bind(flags)
	flags.AddFlagSet(l.flags)
	l.flags = flags
	l.args = l.read(words[1:])
	return l
}

// read takes the flags off words and returns the others. It overlooks mistakes: they do not hinder
// the completion of another word.
func (l *line) read(words []string) []string {
	l.flags.ParseErrorsAllowlist.UnknownFlags = true
	err := l.flags.ParseAll(words, func(f *pflag.Flag, value string) error {
		_ = f.Value.Set(value)
		return nil
	})
	var missing *pflag.ValueRequiredError
	if errors.As(err, &missing) {
		l.waiting = missing.GetFlag()
	}
	l.ended = l.flags.ArgsLenAtDash() >= 0
	return l.flags.Args()
}

// valueOf is the flag whose value is to be completed, if any, and what word has of the value.
func (l *line) valueOf(word string) (f *pflag.Flag, value string) {
	if l.waiting != nil {
		return l.waiting, word
	}
	name, value, found := strings.Cut(word, "=")
	if name, isLong := strings.CutPrefix(name, "--"); found && isLong && !l.ended {
		if f := l.flags.Lookup(name); f != nil {
			return f, value
		}
	}
	return nil, word
}
