package endpoint

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	dcontext "github.com/docker/cli/cli/context"
)

// isOn reports whether a flag, or else a variable, is set.
func isOn(flag *bool, variable string) bool {
	if flag != nil {
		return *flag
	}
	return variable != ""
}

// meantOff returns what to try where a variable has turned TLS on with a value that means no elsewhere.
func (d *Docker) meantOff() string {
	for _, name := range []string{"DOCKER_TLS_VERIFY", "DOCKER_TLS"} {
		value := d.getenv(name)
		if slices.Contains([]string{"0", "f", "false", "n", "no", "off"}, strings.ToLower(value)) {
			return fmt.Sprintf("again without %s: any value turns TLS on, even %s", name, value)
		}
	}
	return ""
}

var errNoHome = errors.New("there is no home folder to look in")

// readTLS reads ca.pem, cert.pem and key.pem in folder, or the files that are chosen in their place. It
// returns nil where there are none.
func readTLS(folder string, chosen TLSOptions, needsCA bool) (*dcontext.TLSData, error) {
	var data *dcontext.TLSData
	read := dcontext.TLSData{}
	for _, file := range []struct {
		path, usual string
		needed      bool
		content     *[]byte
	}{
		{chosen.CA, "ca.pem", needsCA || chosen.CA != "", &read.CA},
		{chosen.Cert, "cert.pem", chosen.Cert != "", &read.Cert},
		{chosen.Key, "key.pem", chosen.Key != "", &read.Key},
	} {
		if file.path == "" {
			if folder == "" {
				return nil, errNoHome
			}
			file.path = filepath.Join(folder, file.usual)
		}
		text, err := readFile(file.path)
		switch {
		case err == nil:
			*file.content, data = text, &read
		case file.needed, !errors.Is(err, os.ErrNotExist):
			return nil, err
		}
	}
	return data, nil
}
