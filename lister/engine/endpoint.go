package engine

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	dcontext "github.com/docker/cli/cli/context"
	"github.com/docker/cli/cli/context/docker"
)

// An Endpoint is where an engine listens, with what it takes to speak to it.
type Endpoint struct {
	docker.Endpoint
	Source  string            // what chose it: "--host", "DOCKER_HOST", "context prod (DOCKER_CONTEXT)", "default"
	headers map[string]string // HTTP headers, which may be secret
	sockets []string          // where other engines than the default one may listen
	version string            // of the API, that the user has set: "1.41"; "": none
	agent   string            // the User-Agent
	// meantOff is what to try where a variable has turned TLS on that was meant to turn it off; "": none has.
	meantOff       string
	containerMarks []string // files that only a container has
	turns          turns    // of the host that ssh leads to; nil: ssh does not come into it
}

// Options choose an engine. At most one of Host, DefaultHost and Context is set.
type Options struct {
	Host        string // "unix:///run/docker.sock", "tcp://10.0.0.1:2376", "ssh://me@host"
	DefaultHost bool   // docker's default address, whatever the environment says: what -H '' is to docker
	Context     string // the name of a docker context
	Folder      string // docker's folder; "": the one that docker would use
	TLS         TLSOptions
	UserAgent   string // "dkr-ls/1.2.3"; "": Go's
}

// TLSOptions are docker's flags for engines that no context names.
type TLSOptions struct {
	Use, Verify   *bool  // nil: by DOCKER_TLS, DOCKER_TLS_VERIFY
	CA, Cert, Key string // paths of PEM files; "": those in DOCKER_CERT_PATH, or docker's folder
}

// Locate finds the engine that the docker command would use, as [Docker.Locate] does.
func Locate(o Options, getenv func(string) string, log *slog.Logger) (Endpoint, error) {
	return Setup(o.Folder, getenv, log).Locate(o)
}

// Locate finds the engine that the docker command would use: by options, then DOCKER_HOST,
// DOCKER_CONTEXT, the config file's current context, the default socket. It touches files but not
// the engine.
func (d *Docker) Locate(o Options) (Endpoint, error) {
	name, source := d.contextName(o)
	if d.fileErr != nil {
		hint := "mending " + filepath.Join(d.folder, "config.json") + ", or naming an engine with --host"
		if errors.Is(d.fileErr, os.ErrPermission) {
			hint = noAccess
		}
		err := failed("docker's config file: "+plain(d.fileErr), hint, d.fileErr)
		if source == "" {
			return Endpoint{}, err // it might name another engine than the default one
		}
		d.log.Warn("docker's config file cannot be read", "err", d.fileErr)
	}
	var ep Endpoint
	var err error
	if name == "" || name == DefaultContext {
		ep, err = d.fromHost(o)
	} else {
		ep, err = d.fromContext(name, source)
	}
	if err != nil {
		return ep, err
	}
	ep.agent, ep.containerMarks, ep.turns = o.UserAgent, containerMarks(), d.turnsOf(ep.Host)
	if ep.headers, err = d.headers(); err != nil {
		return ep, err
	}
	if set := d.getenv(apiVariable); set != "" {
		v, ok := parseVersion(set)
		if !ok {
			return ep, failed(fmt.Sprintf("%s: %.40q is not an API version", apiVariable, set), "one like 1.41, or none", nil)
		}
		ep.version = v.String()
	}
	return ep, nil
}

// contextName is the context to use and what chose it. The name is empty where a host is to be
// used; the source is empty where nothing chose and the config file names no context either.
func (d *Docker) contextName(o Options) (name, source string) {
	switch {
	case o.Host != "", o.DefaultHost:
		return "", "--host"
	case o.Context != "":
		return o.Context, "--context"
	case d.getenv("DOCKER_HOST") != "":
		return "", "DOCKER_HOST"
	case d.getenv("DOCKER_CONTEXT") != "":
		return d.getenv("DOCKER_CONTEXT"), "DOCKER_CONTEXT"
	case d.file.CurrentContext != "":
		return d.file.CurrentContext, "currentContext in " + d.file.Filename
	}
	return "", ""
}

func (d *Docker) fromHost(o Options) (Endpoint, error) {
	host, source := o.Host, "--host"
	if host == "" && !o.DefaultHost {
		host, source = d.getenv("DOCKER_HOST"), "DOCKER_HOST"
	}
	ep := Endpoint{Source: source}
	if host == "" && !o.DefaultHost {
		ep.Source, ep.sockets = "default", otherSockets(d.getenv)
	}
	verify := isOn(o.TLS.Verify, d.getenv("DOCKER_TLS_VERIFY"))
	useTLS := isOn(o.TLS.Use, d.getenv("DOCKER_TLS")) || verify || o.TLS.Verify != nil
	parsed, err := parseHost(ep.Source, useTLS, host)
	if err != nil {
		return ep, err
	}
	ep.Host = parsed
	if useTLS && !isLocal(parsed) {
		if o.TLS.Use == nil && o.TLS.Verify == nil {
			ep.meantOff = meantOff(d.getenv)
		}
		ep.SkipTLSVerify = !verify
		if ep.TLSData, err = d.tlsFiles(o.TLS); err != nil {
			hint := "ca.pem, cert.pem and key.pem there, or DOCKER_CERT_PATH"
			switch {
			case ep.meantOff != "":
				hint = ep.meantOff
			case errors.Is(err, os.ErrPermission):
				hint = noAccess
			case errors.Is(err, errNoFolder):
				hint = "DOCKER_CERT_PATH with the folder that has ca.pem, cert.pem and key.pem"
			}
			return ep, failed(fmt.Sprintf("TLS material for %s: %s", ep.Name(), plain(err)), hint, err)
		}
	}
	return ep, nil
}

// isOn reports whether a flag, or else a variable, is set.
func isOn(flag *bool, variable string) bool {
	if flag != nil {
		return *flag
	}
	return variable != ""
}

var errNoFolder = errors.New("there is no home folder to look in")

// tlsFiles reads what is there of a client's TLS files. The CA is a must, as it is for docker.
func (d *Docker) tlsFiles(o TLSOptions) (*dcontext.TLSData, error) {
	data := &dcontext.TLSData{}
	for _, file := range []struct {
		chosen, usual string
		must          bool
		into          *[]byte
	}{
		{o.CA, "ca.pem", true, &data.CA},
		{o.Cert, "cert.pem", false, &data.Cert},
		{o.Key, "key.pem", false, &data.Key},
	} {
		path := file.chosen
		if path == "" {
			if d.certs == "" {
				return nil, errNoFolder
			}
			path = filepath.Join(d.certs, file.usual)
		}
		text, err := readFile(path)
		if errors.Is(err, os.ErrNotExist) && !file.must && file.chosen == "" {
			continue
		}
		if err != nil {
			return nil, err
		}
		*file.into = text
	}
	return data, nil
}

// described is the endpoint as errors tell of it.
func (ep Endpoint) described() string {
	return fmt.Sprintf("the engine at %s (chosen by %s)", ep.Name(), ep.Source)
}

// Name is the endpoint's address, without the userinfo that a URL may hold.
func (ep Endpoint) Name() string { return redacted(ep.Host) }

// secure reports whether the engine is spoken to over TLS.
func (ep Endpoint) secure() bool {
	return (ep.TLSData != nil || ep.SkipTLSVerify) && !isLocal(ep.Host)
}
