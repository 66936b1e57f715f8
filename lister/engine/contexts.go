package engine

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/docker/cli/cli/context/docker"
	"github.com/docker/cli/cli/context/store"
)

// DefaultContext is the name of the context that is always there: DOCKER_HOST or the default socket.
const DefaultContext = "default"

// Contexts are the names of all docker contexts in docker's folder, or in the one that docker would
// use where folder is empty; the default context comes first. The errors are of the contexts that
// cannot be read, one each.
func Contexts(folder string, getenv func(string) string) ([]string, []error) {
	names := []string{DefaultContext}
	folder = dockerFolder(folder, getenv)
	if folder == "" {
		return names, nil
	}
	root := filepath.Join(folder, "contexts", "meta")
	entries, err := os.ReadDir(root)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return names, []error{failed("docker's contexts: "+plain(err), "access to that folder", err)}
	}
	var broken []error
	for _, entry := range entries {
		if !entry.IsDir() { // such as .DS_Store, which docker overlooks too
			continue
		}
		path := filepath.Join(root, entry.Name(), "meta.json")
		name, err := contextIn(path)
		switch {
		case errors.Is(err, os.ErrNotExist): // as for docker
		case err != nil:
			broken = append(broken, brokenContext(path, err))
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names[1:])
	return names, broken
}

// contextIn is the name of the context that a file describes.
func contextIn(path string) (string, error) {
	text, err := readFile(path)
	if err != nil {
		return "", err
	}
	var meta struct{ Name string }
	var mistyped *json.UnmarshalTypeError
	err = json.Unmarshal(text, &meta)
	switch {
	case errors.As(err, &mistyped), err == nil && meta.Name == "":
		return "", errors.New("it has no name")
	case err != nil:
		return "", err
	}
	return meta.Name, nil
}

func brokenContext(path string, err error) error {
	hint := "removing that folder, and creating the context anew"
	if errors.Is(err, os.ErrPermission) {
		hint = noAccess
	}
	return failed(fmt.Sprintf("a docker context in %s cannot be read: %s", filepath.Dir(path), plain(err)), hint, err)
}

// noAccess is what to try where a file may not be read.
const noAccess = "running as the owner of the file, or chmod"

// fromContext is the endpoint of a context, which source named.
func (d *Docker) fromContext(name, source string) (Endpoint, error) {
	ep := Endpoint{Source: fmt.Sprintf("context %s (%s)", RedactAddress(name), source)}
	if d.folder == "" {
		return ep, failed(ep.Source+": there is no home folder to look in", "HOME, or DOCKER_CONFIG with docker's folder", nil)
	}
	fail := func(err error) (Endpoint, error) {
		what, hint := strings.TrimPrefix(plain(err), fmt.Sprintf("context %q: ", name)), "docker context rm "+name+", and creating it anew"
		switch {
		case errdefs.IsNotFound(err), errors.Is(err, os.ErrNotExist):
			what, hint = "there is no such context", "docker context ls"
		case errors.Is(err, os.ErrPermission):
			hint = noAccess
		case !IsWord(name):
			hint = "removing it with docker context rm, and creating it anew"
		}
		return ep, failed(ep.Source+": "+what, hint, err)
	}
	contexts := store.New(filepath.Join(d.folder, "contexts"), store.NewConfig(
		func() any { return &map[string]any{} },
		store.EndpointTypeGetter(docker.DockerEndpoint, func() any { return &docker.EndpointMeta{} }),
	))
	where := contexts.GetStorageInfo(name)
	if err := checkFile(filepath.Join(where.MetadataPath, "meta.json")); err != nil {
		return fail(err)
	}
	metadata, err := contexts.GetMetadata(name)
	if err != nil {
		return fail(err)
	}
	meta, err := docker.EndpointFromContext(metadata)
	if err != nil {
		return fail(err)
	}
	files, err := filepath.Glob(filepath.Join(where.TLSPath, docker.DockerEndpoint, "*"))
	if err != nil {
		return fail(err)
	}
	for _, path := range files {
		if err := checkFile(path); err != nil && !isFolder(path) {
			return fail(err)
		}
	}
	if ep.Endpoint, err = docker.WithTLSData(contexts, name, meta); err != nil {
		return fail(err)
	}
	switch {
	case ep.Host == "":
		ep.Host, err = parseHost(ep.Source, false, "")
	case !strings.Contains(ep.Host, "://"): // which docker adds to other addresses alone
		err = noAddress(ep.Source, ep.Host)
	default:
		ep.Host, err = checkedHost(ep.Source, ep.Host)
	}
	return ep, err
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
