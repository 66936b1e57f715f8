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

// The shells' scripts call the program back for what a command line may go on with:
//
//	dkr-ls __complete WORD...
//
// The words are those after the program's name; the last one, which may be empty, is to be
// completed. The answer is that of cobra's programs, as docker asks it of its plugins: a candidate
// a line, with a tab and what it is about where that helps, and a last line with a directive. For a
// word such as --sort=si the candidates are values alone. Nothing is ever written to stderr.

const (
	completeCall = "__complete"
	// The directives.
	noFiles = ":4"
	files   = ":0" // the shell is to complete a file's name
)

// patience is how long somebody who has pressed a key waits.
const patience = time.Second

// complete answers a shell, which knows no errors.
func (p *process) complete(ctx context.Context, words []string) {
	last := words[len(words)-1]
	if last == `""` { // PowerShell before 7.3 drops an empty argument, so its script sends this
		last = ""
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	p.waiting.width = 0 // it is never shown
	c := &call{process: p, log: slog.New(slog.DiscardHandler)}
	flag, word := c.valueOf(last, c.parse(words[:len(words)-1], overlookMistakes))
	answer := ""
	for _, candidate := range c.candidates(ctx, flag, word) {
		if strings.HasPrefix(candidate.text, word) && candidate.isHarmless() {
			answer += strings.TrimSuffix(candidate.text+"\t"+candidate.about, "\t") + "\n"
		}
	}
	directive := noFiles
	if flag != nil && flag.Name == "log-file" {
		directive = files
	}
	_, _ = fmt.Fprintf(p.stdout, "%s%s\n", answer, directive)
}

// overlookMistakes takes the flags off words. Neither mistakes nor --help hinder the completion of another
// word. Its error is that the last flag still needs its value.
func overlookMistakes(flags *pflag.FlagSet, words []string) error {
	flags.ParseErrorsAllowlist.UnknownFlags = true
	return flags.ParseAll(words, func(f *pflag.Flag, value string) error {
		if f.Name != "help" && f.Name != "version" {
			_ = f.Value.Set(value)
		}
		return nil
	})
}

// valueOf returns the flag whose value is to be completed, if any, and what word has of the value. err is
// that of the words before.
func (c *call) valueOf(word string, err error) (f *pflag.Flag, value string) {
	var missing *pflag.ValueRequiredError
	if errors.As(err, &missing) {
		return missing.GetFlag(), word
	}
	name, value, found := strings.Cut(word, "=")
	if name, isLong := strings.CutPrefix(name, "--"); found && isLong && !c.ended() {
		if f := c.flags.Lookup(name); f != nil {
			return f, value
		}
	}
	return nil, word
}

// ended reports whether "--" stands before the word to complete: there are no more flags.
func (c *call) ended() bool { return c.flags.ArgsLenAtDash() >= 0 }

// A candidate is what a word may become, and what that is about.
type candidate struct{ text, about string }

func candidatesOf(texts ...string) []candidate {
	var all []candidate
	for _, text := range texts {
		all = append(all, candidate{text: text})
	}
	return all
}

// isHarmless reports whether a shell takes the text for a single word, and runs nothing of it, even
// where a script does not quote it. Names and their parts are such words; an engine may have others.
// [lister.None] is not, but is too useful to leave out: the scripts quote it.
func (c candidate) isHarmless() bool {
	return c.text == lister.None || endpoint.IsWord(strings.ReplaceAll(c.text, "@", ""))
}

// candidates returns what word may become, and more.
func (c *call) candidates(ctx context.Context, f *pflag.Flag, word string) []candidate {
	switch {
	case f != nil:
		return candidatesOf(c.values(ctx, f, word)...)
	case c.command == nil && c.flags.NArg() > 0: // it is unknown
		return nil
	case strings.HasPrefix(word, "-") && !c.ended():
		return c.flagsToGive()
	case c.command == nil:
		return commandNames()
	case c.flags.NArg() < c.command.maxArgs:
		return c.command.choices()
	case word == "" && !c.ended(): // there is nothing else to go on with
		return c.flagsToGive()
	}
	return nil
}

func (c *call) flagsToGive() []candidate {
	var all []candidate
	c.flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			_, about := pflag.UnquoteUsage(f)
			about = strings.FieldsFunc(about, func(r rune) bool { return r == ':' || r == ';' })[0] // beyond are details
			all = append(all, candidate{"--" + f.Name, about})
		}
	})
	return all
}

// values returns those of a flag, of which value is typed.
func (c *call) values(ctx context.Context, f *pflag.Flag, value string) []string {
	switch f.Name {
	case "context":
		names, _ := c.allContexts(ctx) // its errors are for those who run the command
		return names
	case "prefix", "exclude":
		return c.repositories(ctx)
	case "log-level":
		if value != "" && value == strings.ToLower(value) {
			return strings.Fields(strings.ToLower(strings.Join(levelNames(), " ")))
		}
	}
	if f.NoOptDefVal != "" {
		return []string{"true", "false"}
	}
	return f.Annotations[choicesKey]
}

// repositories returns those of the engines that the typed flags choose.
func (c *call) repositories(ctx context.Context) (names []string) {
	tags, _ := c.tags(ctx, lister.Filter{}, lister.Lister{NamesOnly: true}) // its error is for those who run the command
	seen := map[string]bool{}
	for _, t := range tags {
		if !seen[t.Repository] {
			seen[t.Repository] = true
			names = append(names, t.Repository)
		}
	}
	return names
}
