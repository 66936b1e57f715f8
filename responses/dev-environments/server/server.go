// Package server runs the platform's HTTP servers.
package server

import (
	"context"
	"net/http"
	"time"
)

// Run serves at the address until the context ends. Requests that are under way then have 20 seconds: Kubernetes waits 30.
func Run(ctx context.Context, address string, handler http.Handler) error {
	server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		return server.Shutdown(finish)
	}
}
