package main

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/docker/cli/cli-plugins/metadata"
	"github.com/spf13/pflag"

	"github.com/dkr-ls/dkr-ls/lister/endpoint"
)

// The same binary, installed as docker-dkrls among docker's CLI plugins, is "docker dkrls". Docker
// asks it for metadata, and runs it with all of docker's own arguments: its global flags, the
// plugin's name, and what follows.

// pluginName is what docker calls the plugin: letters and digits are all that it allows.
const pluginName = "dkrls"

// isPlugin reports whether docker started the program, by the name that it was started by.
func isPlugin(arg0 string) bool {
	name := strings.TrimSuffix(filepath.Base(arg0), ".exe")
	return name == metadata.NamePrefix+pluginName
}

// printMetadata answers docker's question for what the plugin is.
func (p *process) printMetadata() error {
	return json.NewEncoder(p.stdout).Encode(metadata.Metadata{
		SchemaVersion:    "0.1.0",
		Vendor:           program,
		Version:          versionOf(buildInfo()),
		ShortDescription: "List images: the table that stays the same",
	})
}

// named returns a usage text with the name that the user called the program by.
func (p *process) named(text string) string {
	if p.plugin {
		return strings.ReplaceAll(text, program, "docker "+pluginName)
	}
	return text
}

// behindDocker returns what follows docker's own flags on the command line of a plugin: what comes after
// its name, which "docker help" puts after help. It is nil where there is no such name.
func behindDocker(args []string) []string {
	switch {
	case len(args) > 0 && args[0] == pluginName:
		return args[1:]
	case len(args) > 1 && args[0] == "help" && args[1] == pluginName:
		return append([]string{"help"}, args[2:]...)
	}
	return nil
}

// behindDocker notes that the flags so far were docker's own.
func (o *rootOptions) behindDocker() {
	o.outer, o.own = o.own, engines{}
	if o.docker.debug { // it counts more than --log-level, in any order
		o.level = slog.LevelDebug
	}
}

// dockerLevels returns other names of log levels that docker has.
func dockerLevels() map[string]string {
	return map[string]string{"WARN": "WARNING", "TRACE": "DEBUG", "FATAL": "ERROR", "PANIC": "ERROR"}
}

// dockerFlags are docker's global flags, which docker passes on to its plugins, besides those that
// are flags of this program as well. Docker's own help describes them.
type dockerFlags struct {
	folder string
	debug  bool
	tls    endpoint.TLSOptions
}

func (d *dockerFlags) bind(flags *pflag.FlagSet, level *slog.Level) {
	flags.StringVar(&d.folder, "config", "", "")
	flags.BoolFuncP("debug", "D", "", ifBool(func(on bool) {
		if d.debug = on; on {
			*level = slog.LevelDebug
		}
	}))
	flags.BoolFunc("tls", "", ifBool(func(on bool) { d.tls.Use = &on }))
	flags.BoolFunc("tlsverify", "", ifBool(func(on bool) { d.tls.Verify = &on }))
	flags.StringVar(&d.tls.CA, "tlscacert", "", "")
	flags.StringVar(&d.tls.Cert, "tlscert", "", "")
	flags.StringVar(&d.tls.Key, "tlskey", "", "")
	flags.VisitAll(func(f *pflag.Flag) { f.Hidden = f.Usage == "" })
}

// ifBool returns a setter that passes on what is true or false.
func ifBool(set func(bool)) setter {
	return func(text string) error {
		on, err := strconv.ParseBool(text)
		if err == nil {
			set(on)
		}
		return err
	}
}
