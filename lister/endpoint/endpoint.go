// Package endpoint finds the Docker engine that the docker command would use: by docker's flags,
// variables, config file and contexts. It touches files, but no engine.
package endpoint

import (
	"cmp"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/docker/cli/cli/context/docker"
)

// VersionVariable is docker's variable for the version of the API to use.
const VersionVariable = "DOCKER_API_VERSION"

// An Endpoint is the address of an engine, with what it takes to connect to it.
type Endpoint struct {
	docker.Endpoint
	Source      string                           // what chose it: "--host", "DOCKER_HOST", "context prod (DOCKER_CONTEXT)", "default"
	Headers     map[string]string                // HTTP headers, which may be secret
	APIVersion  string                           // that the user has set: "1.41"; "": none
	UserAgent   string                           // "": Go's
	Proxy       func(*url.URL) (*url.URL, error) // returns the proxy of a request, or nil
	Turns       chan struct{}                    // holds a value for each connection to the host that ssh connects to; nil: not by ssh
	Sockets     []string                         // patterns of other engines' sockets, where nothing chose this one
	MeantOff    string                           // what to try where a variable turned TLS on by a value that means no; "": none did
	InContainer bool                             // this process is in a container of Docker's or Podman's
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

// Locate finds the engine that the docker command would use: by options, then DOCKER_HOST,
// DOCKER_CONTEXT, the config file's current context, the default socket.
func (d *Docker) Locate(o Options) (Endpoint, error) {
	name, source := d.choose(o)
	if d.configErr != nil {
		if source == "" { // the file might name another engine than the default one
			return Endpoint{}, failed("docker's config file: ", fmt.Sprintf(tryFixing, d.configPath()), d.configErr)
		}
		d.log.Warn("docker's config file cannot be read", "err", d.configErr)
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
	ep.UserAgent, ep.InContainer = o.UserAgent, inContainer()
	ep.Proxy, ep.Turns = d.proxy(ep), d.turnsFor(ep.Host)
	if ep.Headers, err = d.headers(); err != nil {
		return ep, err
	}
	if set := d.getenv(VersionVariable); set != "" {
		if ep.APIVersion = ParseVersion(set); ep.APIVersion == "" {
			return ep, &Failure{fmt.Sprintf("%s: %.40q is not an API version", VersionVariable, set), tryVersion, nil}
		}
	}
	return ep, nil
}

// choose returns the context to use and what chose it. The name is empty where a host is to be
// used; the source is empty where nothing chose and the config file names no context either.
func (d *Docker) choose(o Options) (name, source string) {
	switch {
	case o.Host != "", o.DefaultHost:
		return "", "--host"
	case o.Context != "":
		return o.Context, "--context"
	case d.getenv("DOCKER_HOST") != "":
		return "", "DOCKER_HOST"
	case d.getenv("DOCKER_CONTEXT") != "":
		return d.getenv("DOCKER_CONTEXT"), "DOCKER_CONTEXT"
	case d.config.CurrentContext != "":
		return d.config.CurrentContext, "currentContext in " + d.configPath()
	}
	return "", ""
}

// fromHost returns the endpoint at the address of the options, of DOCKER_HOST, or the default one.
func (d *Docker) fromHost(o Options) (Endpoint, error) {
	host, ep := o.Host, Endpoint{Source: "--host"}
	if host == "" && !o.DefaultHost {
		host, ep.Source = d.getenv("DOCKER_HOST"), "DOCKER_HOST"
		if host == "" {
			ep.Source, ep.Sockets = "default", otherSockets(d.getenv)
		}
	}
	verify := isOn(o.TLS.Verify, d.getenv("DOCKER_TLS_VERIFY"))
	useTLS := isOn(o.TLS.Use, d.getenv("DOCKER_TLS")) || verify || o.TLS.Verify != nil
	var err error
	if ep.Host, err = parseHost(ep.Source, useTLS, host); err != nil || !useTLS || ep.IsLocal() {
		return ep, err
	}
	if o.TLS.Use == nil && o.TLS.Verify == nil {
		ep.MeantOff = d.meantOff()
	}
	ep.SkipTLSVerify = !verify
	certs := cmp.Or(d.getenv("DOCKER_CERT_PATH"), dockerFolder("", d.getenv))
	if ep.TLSData, err = readTLS(certs, o.TLS, true); err != nil {
		return ep, failed("TLS material for "+ep.Name()+": ", cmp.Or(ep.MeantOff, tryCertFolder), err)
	}
	return ep, nil
}

// turnsFor returns the turns of the host of an address, whatever its user or path; nil without ssh. An sshd with its
// defaults (MaxStartups 10:30:100) refuses some of the connections that come while ten others are still signing in.
func (d *Docker) turnsFor(host string) chan struct{} {
	const most = 6
	u, err := url.Parse(host)
	if err != nil || u.Scheme != "ssh" {
		return nil
	}
	turns, _ := d.turns.LoadOrStore(u.Host, make(chan struct{}, most))
	return turns.(chan struct{})
}

// inContainer reports whether there is a file that Docker or Podman puts into each container.
func inContainer() bool {
	_, docker := os.Stat("/.dockerenv")
	_, podman := os.Stat("/run/.containerenv")
	return docker == nil || podman == nil
}

// ParseVersion returns the version of the API that text holds, in any form in which an engine may report
// it (1.41, v1.41, 1.43.0), as 1.41; "" if it holds none.
func ParseVersion(text string) string {
	found := regexp.MustCompile(`^v?([0-9]+\.[0-9]+)(\.[0-9]+)*$`).FindStringSubmatch(text)
	if found == nil {
		return ""
	}
	return found[1]
}

// Name returns the endpoint's address, without the userinfo that a URL may hold.
func (ep Endpoint) Name() string { return redacted(ep.Host) }

// IsLocal reports whether the endpoint is reached through a file or a command of this machine, where
// neither TLS nor a proxy has a place.
func (ep Endpoint) IsLocal() bool {
	scheme, _, _ := strings.Cut(ep.Host, "://")
	return scheme != "tcp" && scheme != "http" && scheme != "https"
}

// IsSecure reports whether connections use TLS.
func (ep Endpoint) IsSecure() bool {
	return (ep.TLSData != nil || ep.SkipTLSVerify) && !ep.IsLocal()
}
