package main

import (
	"errors"
	"log/slog"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// dockerFlags are docker's global flags, which docker passes on to its plugins, besides those that
// are flags of this program as well. Docker's own help describes them.
type dockerFlags struct {
	folder string
	debug  bool
	tls    endpoint.TLSOptions
}

func (d *dockerFlags) bind(flags *pflag.FlagSet, l *level) {
	flags.StringVar(&d.folder, "config", "", "")
	flags.VarPF(&optional{set: func(on bool) {
		if d.debug = on; on {
			*l = level(slog.LevelDebug)
		}
	}}, "debug", "D", "").NoOptDefVal = "true"
	flags.VarPF(&optional{set: func(on bool) { d.tls.Use = &on }}, "tls", "", "").NoOptDefVal = "true"
	flags.VarPF(&optional{set: func(on bool) { d.tls.Verify = &on }}, "tlsverify", "", "").NoOptDefVal = "true"
	flags.StringVar(&d.tls.CA, "tlscacert", "", "")
	flags.StringVar(&d.tls.Cert, "tlscert", "", "")
	flags.StringVar(&d.tls.Key, "tlskey", "", "")
	flags.VisitAll(func(f *pflag.Flag) {
		f.Hidden = f.Hidden || f.Usage == ""
	})
}

// behindDocker is what follows docker's own flags on the command line of a plugin: what comes after its
// name, which "docker help" puts after help. It is nil where there is no such name.
func behindDocker(args []string) []string {
	switch {
	case len(args) > 0 && args[0] == pluginName:
		return args[1:]
	case len(args) > 1 && args[0] == "help" && args[1] == pluginName:
		return append([]string{"help"}, args[2:]...)
	}
	return nil
}

// optional is a flag that may be on, off, or not given.
type optional struct{ set func(bool) }

func (*optional) Type() string     { return "bool" }
func (*optional) String() string   { return "" }
func (*optional) IsBoolFlag() bool { return true }

func (o *optional) Set(text string) error {
	on, err := strconv.ParseBool(text)
	if err != nil {
		return errors.New("neither true nor false")
	}
	o.set(on)
	return nil
}

// dockerLevel is a level that docker's names stand for as well.
type dockerLevel struct{ *level }

func (l *dockerLevel) Set(text string) error {
	switch strings.ToLower(text) {
	case "trace":
		text = "DEBUG"
	case "fatal", "panic":
		text = "ERROR"
	}
	return l.level.Set(text)
}

// levelValue is the flag's value for the level: docker's has more names.
func (o *rootOptions) levelValue() pflag.Value {
	if o.plugin {
		return &dockerLevel{&o.level}
	}
	return &o.level
}
