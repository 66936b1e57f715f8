package main

import (
	"bytes"
	"context"
	"fmt"
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
// word such as --sort=si the candidates are values alone. Nothing is ever said on stderr.

const (
	completeCall = "__complete"
	// The directives.
	noFiles = ":4"
	files   = ":0" // the shell is to complete a file's name
)

// patience is how long somebody who has pressed a key waits.
const patience = time.Second

// complete answers a shell.
func (p process) complete(ctx context.Context, words []string) error {
	last := words[len(words)-1]
	if last == `""` { // PowerShell before 7.3 drops an empty argument, so its script sends this
		last = ""
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	line := p.readLine(words[:len(words)-1])
	var answer bytes.Buffer
	for _, c := range line.candidates(ctx, last) {
		answer.WriteString(c.text)
		if c.about != "" {
			answer.WriteString("\t" + c.about)
		}
		answer.WriteByte('\n')
	}
	directive := noFiles
	if f, _ := line.valueOf(last); f != nil && f.Name == "log-file" {
		directive = files
	}
	_, err := fmt.Fprintf(p.stdout, "%s%s\n", answer.Bytes(), directive)
	return written(err)
}

// A candidate is what a word may become, and what that is about.
type candidate struct{ text, about string }

func candidatesOf(texts ...string) []candidate {
	var all []candidate
	for _, text := range texts {
		all = append(all, candidate{text: text})
	}
	return all
}

// candidates are what word may become.
func (l *line) candidates(ctx context.Context, word string) []candidate {
	var all []candidate
	f, word := l.valueOf(word)
	isFlag := strings.HasPrefix(word, "-") && !l.ended
	switch {
	case l.unknown:
	case f != nil:
		all = l.values(ctx, f, word)
	case isFlag:
		all = l.flagNames()
	case l.command == nil:
		all = commandNames()
	case len(l.args) < l.command.maxArgs:
		all = l.command.choices()
	case word == "" && !l.ended: // there is nothing else to go on with
		all = l.flagNames()
	}
	var fitting []candidate
	for _, c := range all {
		if strings.HasPrefix(c.text, word) && isHarmless(c.text) {
			fitting = append(fitting, c)
		}
	}
	return fitting
}

func commandNames() []candidate {
	var all []candidate
	for _, c := range commands() {
		all = append(all, candidate{c.name, c.summary})
	}
	return all
}

func (l *line) flagNames() []candidate {
	var all []candidate
	l.flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		_, about := pflag.UnquoteUsage(f)
		if end := strings.IndexAny(about, ":;"); end >= 0 { // beyond are details
			about = about[:end]
		}
		all = append(all, candidate{"--" + f.Name, about})
	})
	return all
}

// values are those of a flag, of which value is typed.
func (l *line) values(ctx context.Context, f *pflag.Flag, value string) []candidate {
	switch v := f.Value.(type) {
	case *level, *dockerLevel:
		names := levelNames()
		if value != "" && value == strings.ToLower(value) {
			for i := range names {
				names[i] = strings.ToLower(names[i])
			}
		}
		return candidatesOf(names...)
	case *sortKey:
		return candidatesOf(v.keys...)
	case *formatValue[lister.Tag], *formatValue[lister.Repository]:
		return candidatesOf("table", "json")
	}
	switch {
	case f.Value.Type() == "bool":
		return candidatesOf("true", "false")
	case f.Name == "context":
		names, _ := l.allContexts(ctx) // its errors are for those who run the command
		return candidatesOf(names...)
	case f.Name == "prefix", f.Name == "exclude":
		return candidatesOf(l.repositories(ctx)...)
	}
	return nil
}

// repositories are those of the engines that the typed flags choose.
func (l *line) repositories(ctx context.Context) []string {
	tags, _ := l.tags(ctx, lister.Filter{}, lister.Lister{}) // its error is for those who run the command
	repositories, seen := []string{}, map[string]bool{}
	for _, t := range tags {
		if !seen[t.Repository] {
			seen[t.Repository] = true
			repositories = append(repositories, t.Repository)
		}
	}
	return repositories
}

// isHarmless reports whether a shell takes text for a single word, and runs nothing of it, even where a
// script does not quote it. Names and their parts are such words; an engine may have others.
// [lister.None] is not, but is too useful to leave out: the scripts quote it.
func isHarmless(text string) bool {
	return text == lister.None || endpoint.IsWord(strings.ReplaceAll(text, "@", ""))
}
