package engine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/config/configfile"
	"github.com/sirupsen/logrus"
)

// Docker is what docker's client is set up to do on this machine: its folder, its config file and
// its environment.
type Docker struct {
	folder  string // "": there is none
	certs   string // the folder of TLS files; "": there is none
	getenv  func(string) string
	file    *configfile.ConfigFile // what could be read of it
	fileErr error                  // why it cannot tell which engine is meant
	log     *slog.Logger
	turns   sync.Map // of the hosts that ssh leads to, by their addresses
}

// Setup reads docker's config file in folder, or in the folder that docker would use where that is
// empty. What is wrong with the file is logged as a warning, as docker does. getenv is [os.Getenv]
// or a stand-in for it.
func Setup(folder string, getenv func(string) string, log *slog.Logger) *Docker {
	logrus.SetOutput(io.Discard) // docker's packages log by themselves
	usual := dockerFolder("", getenv)
	d := &Docker{folder: dockerFolder(folder, getenv), certs: usual, getenv: getenv, log: log}
	if dir := getenv("DOCKER_CERT_PATH"); dir != "" {
		d.certs = dir
	}
	d.readConfig()
	return d
}

// dockerFolder is the folder of docker's config file and contexts: the chosen one, DOCKER_CONFIG, or
// .docker in the home folder. It is empty where there is none: nothing is ever looked for in the
// working folder, unless it is named.
func dockerFolder(chosen string, getenv func(string) string) string {
	if chosen != "" {
		return chosen
	}
	if dir := getenv(config.EnvOverrideConfigDir); dir != "" {
		return dir
	}
	if dir := config.Dir(); filepath.IsAbs(dir) {
		return dir
	}
	return ""
}

// readConfig reads what can be read of the config file.
func (d *Docker) readConfig() {
	d.file = configfile.New("")
	if d.folder == "" {
		return
	}
	path := filepath.Join(d.folder, config.ConfigFileName)
	text, err := readFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return
	case err != nil:
		d.fileErr = err
		return
	}
	text, marked := bytes.CutPrefix(text, []byte("\xef\xbb\xbf"))
	d.file = configfile.New(path)
	err = d.file.LoadFromReader(bytes.NewReader(text))
	if err == nil && marked {
		err = errors.New("it begins with a byte order mark")
	}
	if err == nil {
		return
	}
	// Docker reads no further than the first mistake, which may stand before the context's name.
	var meant struct{ CurrentContext string }
	var mistyped *json.UnmarshalTypeError
	if again := json.NewDecoder(bytes.NewReader(text)).Decode(&meant); again != nil && !errors.Is(again, io.EOF) {
		d.fileErr = fmt.Errorf("%s: %w", path, again)
		if errors.As(again, &mistyped) {
			d.fileErr = fmt.Errorf("%s: it has no currentContext that is a name", path)
		}
		return
	}
	d.file.CurrentContext = meant.CurrentContext
	d.log.Warn("docker's config file has a mistake", "file", path, "err", err)
}
