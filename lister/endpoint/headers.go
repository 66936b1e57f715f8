package endpoint

import (
	"encoding/csv"
	"net/http"
	"strings"
)

// HeadersVariable is docker's variable for HTTP headers, which replace those of its config file.
const HeadersVariable = "DOCKER_CUSTOM_HEADERS"

// headers returns the HTTP headers to send, by docker's rules: those of DOCKER_CUSTOM_HEADERS, a line of
// CSV such as a=1,"b=2,3", or those of the config file. Values may be secrets, so no error has one.
func (d *Docker) headers() (map[string]string, error) {
	line := d.getenv(HeadersVariable)
	if line == "" {
		return d.file.HTTPHeaders, nil
	}
	refuse := func(what string) (map[string]string, error) {
		return nil, &Failure{HeadersVariable + ": " + what, tryPairs, nil}
	}
	fields, err := csv.NewReader(strings.NewReader(line)).Read()
	if err != nil {
		return refuse("it is not a line of CSV")
	}
	headers := map[string]string{}
	for _, field := range fields {
		name, value, found := strings.Cut(field, "=")
		name = strings.TrimSpace(name)
		switch {
		case name == "":
			return refuse("a header has no name")
		case !found:
			return refuse("a header has no value")
		}
		headers[http.CanonicalHeaderKey(name)] = value
	}
	return headers, nil
}
