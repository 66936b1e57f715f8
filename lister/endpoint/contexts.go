package endpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

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
		return names, []error{failed("docker's contexts: ", tryContexts, err)}
	}
	var broken []error
	for _, entry := range entries {
		context, err := readMeta(filepath.Join(root, entry.Name()))
		if err == nil && context.Name == "" {
			err = errors.New("it has no name")
		}
		switch {
		case errors.Is(err, os.ErrNotExist), errors.Is(err, syscall.ENOTDIR): // such as .DS_Store, which docker overlooks too
		case err != nil:
			broken = append(broken, failed("a docker context in "+filepath.Join(root, entry.Name())+" cannot be read: ", tryNewFolder, err))
		default:
			names = append(names, context.Name)
		}
	}
	slices.Sort(names[1:])
	return names, broken
}

// fromContext returns the endpoint of a context, which source named.
func (d *Docker) fromContext(name, source string) (Endpoint, error) {
	ep := Endpoint{Source: fmt.Sprintf("context %s (%s)", RedactAddress(name), source)}
	if d.folder == "" {
		return ep, failed(ep.Source+": ", tryHome, errNoHome)
	}
	folder, id := filepath.Join(d.folder, "contexts"), digest.FromString(name).Encoded()
	context, err := readMeta(filepath.Join(folder, "meta", id))
	if err == nil && context.Endpoints.Docker == nil {
		err = errors.New("cannot find docker endpoint in context")
	}
	if err == nil {
		ep.EndpointMeta = *context.Endpoints.Docker
		ep.TLSData, err = readTLS(filepath.Join(folder, "tls", id, docker.DockerEndpoint), TLSOptions{}, false)
	}
	switch {
	case errors.Is(err, os.ErrNotExist):
		return ep, &Failure{ep.Source + ": there is no such context", tryContexts, err}
	case err != nil:
		return ep, failed(ep.Source+": ", tryNewContext, err)
	case ep.Host == "":
		ep.Host, err = parseHost(ep.Source, false, "")
	case !strings.Contains(ep.Host, "://"): // docker adds it to other addresses alone
		err = noAddress(ep.Source, ep.Host)
	default:
		ep.Host, err = checkedHost(ep.Source, ep.Host)
	}
	return ep, err
}

// A contextMeta is how docker describes a context.
type contextMeta struct {
	Name      string
	Endpoints struct{ Docker *docker.EndpointMeta }
}

// readMeta reads the description of a context in a folder. Docker's own packages read it too, but would
// wait forever for a FIFO.
func readMeta(folder string) (meta contextMeta, err error) {
	path := filepath.Join(folder, "meta.json")
	text, err := readFile(path)
	if err != nil {
		return meta, err
	}
	if err := json.Unmarshal(text, &meta); err != nil {
		return meta, fmt.Errorf("parsing %s: %w", path, err)
	}
	return meta, nil
}
