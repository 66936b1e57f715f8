package main

import (
	"encoding/json"
	"log/slog"
	"path/filepath"
	"strings"

	"github.com/docker/cli/cli-plugins/metadata"
	docker "github.com/docker/cli/cli/flags"
	"github.com/spf13/pflag"
)

// The same binary, installed as docker-dkrls among docker's CLI plugins, is "docker dkrls". Docker
// asks it for metadata, and runs it with all of docker's own arguments: its global flags, the
// plugin's name, and what follows.

// pluginName is what docker calls the plugin: letters and digits are all that it allows.
const pluginName = "dkrls"

// isPlugin reports whether docker started the program, going by arg0, the name it was started under.
func isPlugin(arg0 string) bool {
	name := strings.TrimSuffix(filepath.Base(arg0), ".exe")
	return name == metadata.NamePrefix+pluginName
}

// printMetadata tells docker what the plugin is.
func (p *process) printMetadata() error {
	return json.NewEncoder(p.stdout).Encode(metadata.Metadata{
		SchemaVersion:    "0.1.0",
		Vendor:           program,
		Version:          versionOf(buildInfo()),
		ShortDescription: "List images: the table that stays the same",
	})
}

// named returns a usage text with the program's name as the user typed it.
func (p *process) named(text string) string {
	if p.plugin {
		return strings.ReplaceAll(text, program, "docker "+pluginName)
	}
	return text
}

// readDocker reads docker's own flags, and returns the arguments behind the plugin's name, which
// "docker help" puts after help.
func (o *rootOptions) readDocker(args []string, read func(*pflag.FlagSet, []string) error) ([]string, error) {
	options, flags := docker.NewClientOptions(), newFlagSet("docker")
	options.InstallFlags(flags)
	flags.BoolVarP(&o.version, "version", "v", false, "")
	flags.SetInterspersed(false)
	err := read(flags, args)
	flags.Visit(func(f *pflag.Flag) { // those that are set
		switch f.Name {
		case "config":
			o.docker.Folder = options.ConfigDir
		case "context":
			o.contexts = []string{options.Context}
		case "host":
			o.hosts = options.Hosts
		case "log-level":
			_ = logLevel(&o.level)(options.LogLevel) // docker has checked it
		case "tls":
			o.docker.TLS.Use = &options.TLS
		case "tlsverify":
			o.docker.TLS.Verify = &options.TLSVerify
		case "tlscacert":
			o.docker.TLS.CA = options.TLSOptions.CAFile
		case "tlscert":
			o.docker.TLS.Cert = options.TLSOptions.CertFile
		case "tlskey":
			o.docker.TLS.Key = options.TLSOptions.KeyFile
		}
	})
	if options.Debug { // whatever the level
		o.level = slog.LevelDebug
	}
	rest := flags.Args()
	switch {
	case len(rest) > 0 && rest[0] == pluginName:
		rest = rest[1:]
	case len(rest) > 1 && rest[0] == "help" && rest[1] == pluginName:
		rest = append([]string{"help"}, rest[2:]...)
	}
	return rest, err
}
