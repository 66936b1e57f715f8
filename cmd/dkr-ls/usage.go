package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// A usageError is wrong use of the program, with the usage line and where to read more.
type usageError struct{ text, usage string }

func (e *usageError) Error() string { return e.text }

// wrongUse makes a usageError of err, which comes from parsing flags, say. It is short, so that the
// error stays in sight. flags may be nil, and args are all of the program's.
func (p process) wrongUse(err error, cmd *command, flags *pflag.FlagSet, args []string) error {
	text := err.Error()
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) && invalid.GetFlag().Value.Type() == "bool" { // pflag tells of Go's strconv
		text = fmt.Sprintf("invalid argument %q for \"--%s\" flag: neither true nor false", invalid.GetValue(), invalid.GetFlag().Name)
	}
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) {
		text += cmp.Or(instead(unknown, args), didYouMean(unknown.GetSpecifiedName(), flagNames(flags), "--"))
	}
	text += p.quotingHint(err, args)
	for _, arg := range args {
		_, value, _ := strings.Cut(arg, "=")
		for _, word := range []string{arg, value} {
			if redacted := endpoint.RedactAddress(word); redacted != word {
				text = strings.NewReplacer(strconv.Quote(word), strconv.Quote(redacted), word, redacted).Replace(text)
			}
		}
	}
	topic := ""
	if cmd != nil {
		topic = " " + cmd.name
	}
	return &usageError{text, fmt.Sprintf("%s\n\"%s help%s\" tells more.\n", usageLine(cmd), program, topic)}
}

// flagNames are those of flags that are no secret.
func flagNames(flags *pflag.FlagSet) (names []string) {
	flags.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}

// quotingHint is what to try where PowerShell may have changed a template: it takes one without quotes
// for a script block, and older versions drop the quotes inside.
func (p process) quotingHint(err error, args []string) string {
	if slices.Contains(args, "-encodedCommand") {
		return "; try: quotes around the template, without which PowerShell takes it for a script block"
	}
	var invalid *pflag.InvalidValueError
	if p.getenv("PSModulePath") == "" || !errors.As(err, &invalid) || invalid.GetFlag().Name != "format" {
		return ""
	}
	template, reason := invalid.GetValue(), err.Error()
	if !strings.Contains(template, "{{") || strings.Contains(template, `"`) ||
		!strings.Contains(reason, "not defined") && !strings.Contains(reason, " in operand") {
		return "" // quotes that are missing make other mistakes
	}
	return `; try: \" for each " inside the template, which PowerShell before 7.3 drops`
}
