package engine

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/containerd/errdefs"
	"github.com/docker/cli/cli/config"
	"github.com/docker/cli/cli/config/configfile"
	dcontext "github.com/docker/cli/cli/context"
	"github.com/docker/cli/cli/context/docker"
	"github.com/docker/cli/cli/context/store"
	"github.com/docker/cli/opts"
)

// An Endpoint is where an engine listens, with what it takes to speak to it.
type Endpoint struct {
	docker.Endpoint
	Source  string            // what chose it: "--host", "DOCKER_HOST", "context prod (DOCKER_CONTEXT)", "default"
	headers map[string]string // HTTP headers of docker's config file
	sockets []string          // where other engines than the default one may listen
}

// Options choose an engine. At most one of them is set.
type Options struct {
	Host    string // "unix:///run/docker.sock", "tcp://10.0.0.1:2376", "ssh://me@host"
	Context string // the name of a docker context
}

// Locate finds the engine that the docker command would use: by options, then DOCKER_HOST,
// DOCKER_CONTEXT, the config file's current context, the default socket. It touches files but not
// the engine. getenv is [os.Getenv] or a stand-in for it.
func Locate(o Options, getenv func(string) string, log *slog.Logger) (Endpoint, error) {
	dir := configDir(getenv)
	file, fileErr := config.Load(dir)
	name, source := contextName(o, getenv, file)
	if fileErr != nil {
		fileErr = fmt.Errorf("docker's config file: %w", unprefixed(fileErr))
		if source == "" {
			// It might name another engine than the default one.
			return Endpoint{}, hinted(fileErr, "mending "+filepath.Join(dir, config.ConfigFileName)+", or naming an engine with --host")
		}
		log.Info("docker's config file is left out of account", "err", fileErr)
	}
	var (
		ep  Endpoint
		err error
	)
	if name == "" || name == DefaultContext {
		ep, err = fromHost(o, getenv, dir)
	} else {
		ep, err = fromContext(name, source, dir)
	}
	if file != nil {
		ep.headers = file.HTTPHeaders
	}
	return ep, err
}

// contextName is the context to use and what chose it. The name is empty where a host is to be
// used; the source is empty where nothing chose and the config file names no context either.
func contextName(o Options, getenv func(string) string, file *configfile.ConfigFile) (name, source string) {
	switch {
	case o.Host != "":
		return "", "--host"
	case o.Context != "":
		return o.Context, "--context"
	case getenv("DOCKER_HOST") != "":
		return "", "DOCKER_HOST"
	case getenv("DOCKER_CONTEXT") != "":
		return getenv("DOCKER_CONTEXT"), "DOCKER_CONTEXT"
	case file != nil && file.CurrentContext != "":
		return file.CurrentContext, "currentContext in " + file.Filename
	}
	return "", ""
}

func fromHost(o Options, getenv func(string) string, configDir string) (Endpoint, error) {
	host, source := o.Host, "--host"
	if host == "" {
		host, source = getenv("DOCKER_HOST"), "DOCKER_HOST"
	}
	ep := Endpoint{Source: source}
	if host == "" {
		ep.Source, ep.sockets = "default", otherSockets(getenv)
	}
	verify := getenv("DOCKER_TLS_VERIFY") != ""
	useTLS := verify || getenv("DOCKER_TLS") != ""
	parsed, err := parseHost(ep.Source, useTLS, host)
	if err != nil {
		return ep, err
	}
	ep.Host = parsed
	if useTLS && !isLocal(parsed) {
		ep.SkipTLSVerify = !verify
		if ep.TLSData, err = tlsFiles(certDir(getenv, configDir)); err != nil {
			return ep, hinted(fmt.Errorf("TLS material for %s: %w", ep.Name(), err), "ca.pem, cert.pem and key.pem there, or DOCKER_CERT_PATH")
		}
	}
	return ep, nil
}

func fromContext(name, source, configDir string) (Endpoint, error) {
	ep := Endpoint{Source: fmt.Sprintf("context %s (%s)", name, source)}
	contexts := contextStore(configDir)
	fail := func(err error) (Endpoint, error) {
		if errdefs.IsNotFound(err) {
			err = errors.New("there is no such context")
		}
		return ep, hinted(fmt.Errorf("%s: %w", ep.Source, err), "docker context ls")
	}
	if err := store.ValidateContextName(name); err != nil {
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
	if ep.Endpoint, err = docker.WithTLSData(contexts, name, meta); err != nil {
		return fail(err)
	}
	if ep.Host == "" {
		if ep.Host, err = opts.ParseHost(false, ""); err != nil {
			return fail(err)
		}
	}
	return ep, nil
}

// described is the endpoint as errors tell of it.
func (ep Endpoint) described() string {
	return fmt.Sprintf("the engine at %s (chosen by %s)", ep.Name(), ep.Source)
}

// Name is the endpoint's address, without the secrets that a URL may hold.
func (ep Endpoint) Name() string { return redacted(ep.Host) }

// secure tells that the engine is spoken to over TLS.
func (ep Endpoint) secure() bool {
	return (ep.TLSData != nil || ep.SkipTLSVerify) && !isLocal(ep.Host)
}

// tlsFiles reads what is there of a client's TLS files. The CA is a must, as it is for docker.
func tlsFiles(dir string) (*dcontext.TLSData, error) {
	existing := func(name string) string {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); os.IsNotExist(err) {
			return ""
		}
		return path
	}
	return dcontext.TLSDataFromFiles(filepath.Join(dir, "ca.pem"), existing("cert.pem"), existing("key.pem"))
}

func certDir(getenv func(string) string, configDir string) string {
	if dir := getenv("DOCKER_CERT_PATH"); dir != "" {
		return dir
	}
	return configDir
}

func configDir(getenv func(string) string) string {
	if dir := getenv("DOCKER_CONFIG"); dir != "" {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "" // nowhere: no config file, no contexts
	}
	return filepath.Join(home, ".docker")
}
