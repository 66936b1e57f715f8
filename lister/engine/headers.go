package engine

import (
	"encoding/csv"
	"net/http"
	"strings"
)

// customHeaders is docker's variable for HTTP headers, which replace those of its config file.
const customHeaders = "DOCKER_CUSTOM_HEADERS"

// headers are the HTTP headers to send, by docker's rules: those of DOCKER_CUSTOM_HEADERS, a line of
// CSV such as a=1,"b=2,3", or those of the config file. Values may be secrets, so no error has one.
func (d *Docker) headers() (map[string]string, error) {
	line := d.getenv(customHeaders)
	if line == "" {
		return d.file.HTTPHeaders, nil
	}
	fail := func(what string) (map[string]string, error) {
		return nil, failed(customHeaders+": "+what, `name=value pairs, separated by commas`, nil)
	}
	fields, err := csv.NewReader(strings.NewReader(line)).Read()
	if err != nil {
		return fail("it is not a line of CSV")
	}
	headers := map[string]string{}
	for _, field := range fields {
		name, value, found := strings.Cut(field, "=")
		name = strings.TrimSpace(name)
		switch {
		case name == "":
			return fail("a header has no name")
		case !found:
			return fail("a header has no value")
		}
		headers[http.CanonicalHeaderKey(name)] = value
	}
	return headers, nil
}
