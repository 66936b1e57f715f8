package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister"
	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// The shells' scripts call the program back to complete a command line:
//
//	dkr-ls __complete WORD...
//
// The words are those after the program's name; the last one, which may be empty, is to be completed.
// The answer is the one that cobra's programs give, which docker expects of its plugins: a candidate a
// line, with a tab and a description where that helps, and a last line with a directive. For a word such
// as --sort=si the candidates are values alone. Nothing is ever written to stderr.

const (
	completeCall = "__complete"
	// The directives.
	noFiles = ":4"
	files   = ":0" // the shell is to complete a file's name
)

// patience is how long a user waits after pressing the tab key.
const patience = time.Second

// complete answers a shell, which has no use for errors.
func (p *process) complete(ctx context.Context, words []string) {
	word := words[len(words)-1]
	if word == `""` { // PowerShell before 7.3 drops an empty argument, so its script sends this
		word = ""
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	p.waiting.width = 0 // it is never shown
	c := &call{process: p, log: slog.New(slog.DiscardHandler)}
	err := c.parse(words[:len(words)-1], overlookMistakes)

	var candidates []string
	answer, directive := "", noFiles
	if f, value := c.flagToComplete(word, err); f != nil {
		word, candidates = value, c.values(ctx, f, value)
		if f.Name == "log-file" {
			directive = files
		}
	} else {
		candidates = c.words(ctx, word)
	}
	for _, candidate := range candidates {
		text, _, _ := strings.Cut(candidate, "\t")
		if strings.HasPrefix(text, word) && isHarmless(text) {
			answer += candidate + "\n"
		}
	}
	_, _ = fmt.Fprintln(p.stdout, answer+directive)
}

// overlookMistakes parses the flags in words. Mistakes and --help do not keep another word from being
// completed, so it fails only if the last flag still needs its value.
func overlookMistakes(flags *pflag.FlagSet, words []string) error {
	flags.ParseErrorsAllowlist.UnknownFlags = true
	return flags.ParseAll(words, func(f *pflag.Flag, value string) error {
		if f.Name != "help" && f.Name != "version" {
			_ = f.Value.Set(value)
		}
		return nil
	})
}

// flagToComplete returns the flag whose value is to be completed, and the start of that value. The flag is
// nil if word is not a value. err is the error from parsing the words before it.
func (c *call) flagToComplete(word string, err error) (f *pflag.Flag, value string) {
	var missing *pflag.ValueRequiredError
	if errors.As(err, &missing) {
		return missing.GetFlag(), word
	}
	name, value, found := strings.Cut(word, "=")
	if name, isLong := strings.CutPrefix(name, "--"); found && isLong && !c.flagsEnded() {
		return c.flags.Lookup(name), value
	}
	return nil, ""
}

// flagsEnded reports whether "--" stands before the word to complete.
func (c *call) flagsEnded() bool { return c.flags.ArgsLenAtDash() >= 0 }

// isHarmless reports whether a shell takes text for a single word, and runs nothing in it, even unquoted:
// names from an engine could be anything. [lister.None] is not harmless, but useful, and the scripts quote it.
func isHarmless(text string) bool { return text == lister.None || endpoint.IsWord(text) }

// words returns the commands, arguments and flags that may stand where word does.
func (c *call) words(ctx context.Context, word string) []string {
	switch {
	case c.command == nil && c.flags.NArg() > 0: // it is unknown
		return nil
	case strings.HasPrefix(word, "-") && !c.flagsEnded():
		return c.flagNames()
	case c.command == nil:
		return commandNames()
	case c.flags.NArg() < c.command.maxArgs:
		return c.command.choices(ctx, c, word)
	case word == "" && !c.flagsEnded(): // nothing else can come
		return c.flagNames()
	}
	return nil
}

func (c *call) flagNames() (names []string) {
	c.flags.VisitAll(func(f *pflag.Flag) {
		_, about := pflag.UnquoteUsage(f)
		about = strings.FieldsFunc(about, func(r rune) bool { return r == ':' || r == ';' })[0] // the rest is detail
		names = append(names, "--"+f.Name+"\t"+about)
	})
	return names
}

func commandNames() (names []string) {
	for _, c := range commands() {
		names = append(names, c.name+"\t"+c.summary)
	}
	return names
}

// values returns values for a flag, some of which may start like value.
func (c *call) values(ctx context.Context, f *pflag.Flag, value string) []string {
	switch {
	case f.Name == "context":
		names, _ := c.allContexts(ctx) // running the command shows the errors
		return names
	case f.Name == "prefix", f.Name == "exclude":
		return repositories(ctx, c, value)
	case f.Name == "log-level" && value != "" && value == strings.ToLower(value):
		return strings.Fields(strings.ToLower(strings.Join(levelNames(), " ")))
	case f.NoOptDefVal != "":
		return []string{"true", "false"}
	}
	return f.Annotations[choicesKey]
}

// repositories returns the repositories of the engines that the flags choose and that answer in time.
func repositories(ctx context.Context, c *call, _ string) (names []string) {
	rows, _ := c.tags(ctx, lister.Filter{MaxTags: 1}, lister.Lister{NamesOnly: true})
	for _, r := range rows {
		names = append(names, r.Repository)
	}
	return names
}

// references returns repositories and, if word starts with one and a colon, its tags.
func references(ctx context.Context, c *call, word string) (names []string) {
	if !strings.Contains(word, ":") {
		return repositories(ctx, c, word)
	}
	rows, _ := c.tags(ctx, lister.Filter{}, lister.Lister{})
	listed := map[string]bool{}
	for _, r := range rows {
		if !listed[r.Repository] {
			listed[r.Repository] = true
			names = append(names, r.Repository)
		}
		if strings.HasPrefix(word, r.Repository+":") {
			names = append(names, r.Repository+":"+r.Tag)
		}
	}
	return names
}
