package endpoint

import (
	"errors"
	"os"
	"strings"
)

// A Failure is an error that ends a run: what failed, and one thing to try.
type Failure struct {
	What, Hint string
	Cause      error // may be nil
}

func (f *Failure) Error() string { return f.What + "; try: " + f.Hint }
func (f *Failure) Unwrap() error { return f.Cause }

// What to try, by the step of finding an engine that fails.
const (
	tryHome       = "HOME, or DOCKER_CONFIG with docker's folder"
	tryFileAccess = "running as the owner of the file, or chmod"
	tryFixing     = "fixing %s, or naming an engine with --host"
	tryContexts   = "docker context ls"
	tryNewFolder  = "removing that folder, and creating the context anew"
	tryNewContext = "removing it with docker context rm, and creating it anew"
	tryAddress    = "one like unix:///var/run/docker.sock, tcp://127.0.0.1:2375 or ssh://host"
	tryKey        = "an SSH key, and the address without the password"
	tryCertFolder = "DOCKER_CERT_PATH with the folder that has ca.pem, cert.pem and key.pem"
	tryVersion    = "one like 1.41, or none"
	tryPairs      = "name=value pairs, separated by commas"
	tryProxy      = "one like http://host:3128, with %2F for a / in its password"
)

// failed returns a failure with the cause at the end of its text, on one line. What to try is another
// thing where a file may not be read.
func failed(what, hint string, cause error) error {
	if errors.Is(cause, os.ErrPermission) {
		hint = tryFileAccess
	}
	return &Failure{what + strings.Join(strings.Fields(cause.Error()), " "), hint, cause}
}
