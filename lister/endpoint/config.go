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
	"syscall"
)

// Docker is how docker's client is set up on this machine: its folder, its config file and its
// environment.
type Docker struct {
	folder    string // "": there is none
	getenv    func(string) string
	config    configFile // what could be read of it
	configErr error
	log       *slog.Logger
	turns     sync.Map // of the hosts that ssh connects to, by their addresses
}

// A configFile is docker's config file, as far as connections depend on it.
type configFile struct {
	CurrentContext string
	HTTPHeaders    map[string]string `json:"HttpHeaders"`
}

// Setup reads docker's config file in folder, or in the folder that docker would use where that is
// empty. getenv is [os.Getenv] or a stand-in for it.
func Setup(folder string, getenv func(string) string, log *slog.Logger) *Docker {
	d := &Docker{folder: dockerFolder(folder, getenv), getenv: getenv, log: log}
	if d.folder != "" {
		d.config, d.configErr = readConfig(d.configPath())
	}
	return d
}

// dockerFolder returns the folder of docker's config file and contexts: the chosen one, DOCKER_CONFIG, or
// .docker in the home folder. It is empty where there is none: nothing is looked for in the working
// folder, unless it is named.
func dockerFolder(chosen string, getenv func(string) string) string {
	folder := cmp.Or(chosen, getenv("DOCKER_CONFIG"))
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

func (d *Docker) configPath() string { return filepath.Join(d.folder, "config.json") }

// readConfig returns what a config file holds as far as it is valid. One that is missing or empty holds nothing.
func readConfig(path string) (config configFile, err error) {
	text, err := readFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return config, nil
	}
	if err != nil {
		return config, err
	}
	err = json.NewDecoder(bytes.NewReader(text)).Decode(&config) // like docker, no further than one value
	if _, mistyped := errors.AsType[*json.UnmarshalTypeError](err); mistyped {
		err = errors.New("currentContext is not a name, or HttpHeaders are not texts by name")
	}
	if err == nil || errors.Is(err, io.EOF) {
		return config, nil
	}
	return config, fmt.Errorf("%s: %w", path, err)
}

// maxFile is how many bytes a file of docker's may have: as many as docker itself imports.
const maxFile = 10 << 20

// readFile reads a file that docker's client would read. It waits for nothing: what is not a file of a
// sensible length, such as a FIFO or a device, is an error.
func readFile(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", path)
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s is longer than %d MiB", path, maxFile>>20)
	}
	return io.ReadAll(io.LimitReader(file, maxFile))
}
