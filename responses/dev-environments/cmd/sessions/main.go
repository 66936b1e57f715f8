// Sessions serves the number of ssh sessions of the pod that it runs in, for Prometheus. It needs no rights: the kernel shows each
// connection of the pod's network namespace in /proc/net.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	listen := flag.String("listen", ":9102", "address to serve /metrics on")
	port := flag.Uint("port", 2222, "sshd's port")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		// The kubelet's probe of the port is a connection too, but gone at the second look.
		count, err := lasting(uint16(*port), 200*time.Millisecond)
		if err != nil {
			// An error and not a zero: whoever cannot be counted is not idle.
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		io.WriteString(w, "# HELP environment_ssh_sessions Established connections to sshd.\n# TYPE environment_ssh_sessions gauge\n")
		fmt.Fprintf(w, "environment_ssh_sessions %d\n", count)
	})
	server := &http.Server{Addr: *listen, Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		server.Close() // a scrape that is cut off is asked again
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatalf("sessions: %v", err)
	}
}

// lasting counts the connections to the port that are there now and still after the pause.
func lasting(port uint16, pause time.Duration) (int, error) {
	before, err := established(port)
	if err != nil {
		return 0, err
	}
	time.Sleep(pause)
	after, err := established(port)
	if err != nil {
		return 0, err
	}
	count := 0
	for connection := range after {
		if before[connection] {
			count++
		}
	}
	return count, nil
}
