// Socketproxy stands in for the image tecnativa/docker-socket-proxy, where no registry has it: it passes on to
// the engine's socket what its environment allows, by the same variables, and forbids all else.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"
)

func main() {
	server := &http.Server{Addr: ":2375", Handler: proxy("/var/run/docker.sock"), ReadHeaderTimeout: time.Minute}
	fmt.Fprintln(os.Stderr, "socketproxy:", server.ListenAndServe())
	os.Exit(1)
}

func proxy(socket string) http.HandlerFunc {
	engine := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: "http", Host: "engine"}) },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		}},
	}
	section := regexp.MustCompile(`^(?:/v[\d.]+)?/_?([a-z]+)`)
	return func(w http.ResponseWriter, r *http.Request) {
		asked := section.FindStringSubmatch(r.URL.Path)
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		if asked == nil || os.Getenv(strings.ToUpper(asked[1])) != "1" || !reads && os.Getenv("POST") != "1" {
			http.Error(w, "403 Forbidden", http.StatusForbidden)
			return
		}
		engine.ServeHTTP(w, r)
	}
}
