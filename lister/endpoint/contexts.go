package endpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/docker/cli/cli/context/docker"
	"github.com/opencontainers/go-digest"
)

// DefaultContext is the name of the context that is always there: DOCKER_HOST or the default socket.
const DefaultContext = "default"

// Contexts returns the names of all docker contexts in docker's folder, or in the one that docker would
// use where folder is empty, the default context first, and an error for each that cannot be read.
func Contexts(folder string, getenv func(string) string) ([]string, []error) {
	names := []string{DefaultContext}
	folder = dockerFolder(folder, getenv)
	if folder == "" {
		return names, nil
	}
	root := filepath.Join(folder, "contexts", "meta")
	entries, err := os.ReadDir(root)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return names, []error{&Failure{"docker's contexts: " + err.Error(), tryFolderAccess, err}}
	}
	var broken []error
	for _, entry := range entries {
		if !entry.IsDir() { // such as .DS_Store, which docker overlooks too
			continue
		}
		name, err := contextName(filepath.Join(root, entry.Name(), "meta.json"))
		switch {
		case errors.Is(err, os.ErrNotExist): // overlooked too
		case err != nil:
			broken = append(broken, failed("a docker context in "+filepath.Join(root, entry.Name())+" cannot be read: ", tryNewFolder, err))
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names[1:])
	return names, broken
}

// contextName returns the name of the context that a file describes.
func contextName(path string) (string, error) {
	text, err := readFile(path)
	if err != nil {
		return "", err
	}
	var meta struct{ Name string }
	err = json.Unmarshal(text, &meta)
	if _, mistyped := errors.AsType[*json.UnmarshalTypeError](err); mistyped || err == nil && meta.Name == "" {
		return "", errors.New("it has no name")
	}
	return meta.Name, err
}

// fromContext returns the endpoint of a context, which source named.
func (d *Docker) fromContext(name, source string) (Endpoint, error) {
	ep := Endpoint{Source: fmt.Sprintf("context %s (%s)", RedactAddress(name), source)}
	if d.folder == "" {
		return ep, failed(ep.Source+": ", tryHome, errNoHome)
	}
	var err error
	ep.Endpoint, err = d.readContext(name)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return ep, &Failure{ep.Source + ": there is no such context", tryContexts, err}
	case err != nil && !IsWord(name):
		return ep, failed(ep.Source+": ", tryNewQuoted, err)
	case err != nil:
		return ep, failed(ep.Source+": ", fmt.Sprintf(tryNewContext, name), err)
	case ep.Host == "":
		ep.Host, err = parseHost(ep.Source, false, "")
	case !strings.Contains(ep.Host, "://"): // docker adds it to other addresses alone
		err = noAddress(ep.Source, ep.Host)
	default:
		ep.Host, err = checkedHost(ep.Source, ep.Host)
	}
	return ep, err
}

// readContext reads the files that docker keeps of a context. Docker's own packages read them too, but
// would wait for ever for a FIFO.
func (d *Docker) readContext(name string) (docker.Endpoint, error) {
	folder, id := filepath.Join(d.folder, "contexts"), digest.FromString(name).Encoded()
	path := filepath.Join(folder, "meta", id, "meta.json")
	text, err := readFile(path)
	if err != nil {
		return docker.Endpoint{}, err
	}
	var meta struct {
		Endpoints struct{ Docker *docker.EndpointMeta }
	}
	if err := json.Unmarshal(text, &meta); err != nil {
		return docker.Endpoint{}, fmt.Errorf("parsing %s: %w", path, err)
	}
	if meta.Endpoints.Docker == nil {
		return docker.Endpoint{}, errors.New("cannot find docker endpoint in context")
	}
	data, err := readTLS(filepath.Join(folder, "tls", id, docker.DockerEndpoint), TLSOptions{}, false)
	return docker.Endpoint{EndpointMeta: *meta.Endpoints.Docker, TLSData: data}, err
}
