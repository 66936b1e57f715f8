package main

import (
	"encoding/json"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/docker/cli/cli-plugins/metadata"
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
func (p process) printMetadata() error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	return written(json.NewEncoder(p.stdout).Encode(metadata.Metadata{
		SchemaVersion:    "0.1.0",
		Vendor:           program,
		Version:          versionOf(info),
		ShortDescription: "List images: the table that stays the same",
	}))
}

// named is a usage text with the name that the user called the program by.
func (p process) named(text string) string {
	if p.plugin {
		return strings.ReplaceAll(text, program, "docker "+pluginName)
	}
	return text
}
