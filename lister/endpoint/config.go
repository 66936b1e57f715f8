package endpoint

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/config/configfile"
)

// Docker is how docker's client is set up on this machine: its folder, its config file and its
// environment.
type Docker struct {
	folder  string // "": there is none
	certs   string // the folder of TLS files; "": there is none
	getenv  func(string) string
	file    *configfile.ConfigFile // what could be read of it
	fileErr error                  // why it does not say which engine to use
	log     *slog.Logger
	turns   sync.Map // of the hosts that ssh connects to, by their addresses
}

// Setup reads docker's config file in folder, or in the folder that docker would use where that is
// empty. A mistake in the file is logged as a warning, as docker does. getenv is [os.Getenv] or a
// stand-in for it.
func Setup(folder string, getenv func(string) string, log *slog.Logger) *Docker {
	d := &Docker{
		folder: dockerFolder(folder, getenv), getenv: getenv, log: log,
		certs: cmp.Or(getenv("DOCKER_CERT_PATH"), dockerFolder("", getenv)),
	}
	d.readConfig()
	return d
}

// dockerFolder returns the folder of docker's config file and contexts: the chosen one, DOCKER_CONFIG, or
// .docker in the home folder. It is empty where there is none: nothing is looked for in the working
// folder, unless it is named.
func dockerFolder(chosen string, getenv func(string) string) string {
	folder := cmp.Or(chosen, getenv(config.EnvOverrideConfigDir))
	if home := homeFolder(getenv); folder == "" && filepath.IsAbs(home) {
		return filepath.Join(home, ".docker")
	}
	return folder
}

// homeFolder returns the user's home folder, by docker's rules, or "".
func homeFolder(getenv func(string) string) string {
	variable := "HOME"
	if runtime.GOOS == "windows" {
		variable = "USERPROFILE"
	}
	if home := getenv(variable); home != "" {
		return home
	}
	if u, err := user.Current(); err == nil {
		return u.HomeDir
	}
	return ""
}

// readConfig reads the config file as far as it is valid.
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
	var chosen struct{ CurrentContext string }
	again := json.NewDecoder(bytes.NewReader(text)).Decode(&chosen)
	if _, mistyped := errors.AsType[*json.UnmarshalTypeError](again); mistyped {
		again = errors.New("it has no currentContext that is a name")
	}
	if again != nil && !errors.Is(again, io.EOF) {
		d.fileErr = fmt.Errorf("%s: %w", path, again)
		return
	}
	d.file.CurrentContext = chosen.CurrentContext
	d.log.Warn("docker's config file has a mistake", "file", path, "err", err)
}
