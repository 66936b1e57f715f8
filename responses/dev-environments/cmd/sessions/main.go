// Sessions serves the number of open sessions of the pod that it runs in, for Prometheus: each connection by ssh, and one more for the
// notebook, however many it has. It needs no rights: the kernel shows each connection of the pod's network namespace in /proc/net.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"github.com/prometheus/procfs"

	"dev-environments.test/server"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		// The kubelet's probe of the port is a connection too, but gone at the second look.
		pause := func() { time.Sleep(200 * time.Millisecond) }
		ssh, err := lasting(2222, pause)
		notebook, failed := lasting(8888, pause)
		if err := errors.Join(err, failed); err != nil {
			// An error and not a zero: whoever cannot be counted is not idle.
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(w, "# HELP environment_sessions Connections to sshd, and one if the notebook is open.\n# TYPE environment_sessions gauge\nenvironment_sessions %d\n", ssh+min(notebook, 1))
	})
	if err := server.Run(ctx, ":9102", mux); err != nil {
		log.Fatalf("sessions: %v", err)
	}
}

// lasting returns the number of connections to the port that are there now and still after the pause.
func lasting(port uint64, pause func()) (int, error) {
	before, err := established(port)
	if err != nil {
		return 0, err
	}
	pause()
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

// established returns the connections of this network namespace to one of its ports, each as its two addresses.
func established(port uint64) (map[string]bool, error) {
	proc, err := procfs.NewDefaultFS()
	if err != nil {
		return nil, err
	}
	sockets, err := proc.NetTCP()
	if err != nil {
		return nil, err
	}
	ipv6, err := proc.NetTCP6()
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // a kernel without IPv6
		return nil, err
	}
	const tcpEstablished = 1 // of the kernel's include/net/tcp_states.h
	all := map[string]bool{}
	for _, s := range append(sockets, ipv6...) {
		if s.LocalPort == port && s.St == tcpEstablished {
			all[fmt.Sprint(s.LocalAddr, " ", s.RemAddr, " ", s.RemPort)] = true
		}
	}
	return all, nil
}
