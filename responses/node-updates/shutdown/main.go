// Command shutdown counts the requests that are lost when a pod ends, for three ways to end. Real HTTP on the loopback interface; the clients
// learn that the pod is gone a little later, as kube-proxy and load balancers do.
//
//	go run ./node-updates/shutdown
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const (
	request = 50 * time.Millisecond  // one request's work
	lag     = 400 * time.Millisecond // until the endpoint is out of every proxy's table
	sleep   = 2 * lag                // preStop: longer than the lag
	clients = 8
)

// ending is what happens to a pod's server after the eviction.
type ending struct {
	name string
	end  func(*http.Server)
}

var endings = []ending{
	{"exits on SIGTERM", func(s *http.Server) { _ = s.Close() }},
	{"finishes its requests, then exits", drain},
	{"preStop sleep, then finishes and exits", func(s *http.Server) { time.Sleep(sleep); drain(s) }},
}

func drain(s *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_ = s.Shutdown(ctx)
}

// pods is the table that clients choose from.
type pods struct {
	mu        sync.Mutex
	addresses []string
	turn      int
}

func (p *pods) next() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turn++
	return p.addresses[p.turn%len(p.addresses)]
}

func (p *pods) remove(address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var left []string
	for _, a := range p.addresses {
		if a != address {
			left = append(left, a)
		}
	}
	p.addresses = left
}

func start() (*http.Server, string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	s := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(request) })}
	go func() { _ = s.Serve(listener) }() // ends with Close or Shutdown
	return s, listener.Addr().String(), nil
}

// lost ends one of two pods under load and returns the requests that were sent and those that failed.
func lost(end func(*http.Server)) (sent, failed int64, err error) {
	leaving, address, err := start()
	if err != nil {
		return 0, 0, err
	}
	staying, other, err := start()
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = staying.Close() }()

	table := &pods{addresses: []string{address, other}}
	var all, bad atomic.Int64
	stop := make(chan struct{})
	var group sync.WaitGroup
	for range clients {
		group.Go(func() {
			// A new connection for each request: what is lost is then the pod's doing, not a stale connection's.
			client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			for {
				select {
				case <-stop:
					return
				default:
				}
				all.Add(1)
				response, err := client.Get("http://" + table.next() + "/")
				if err != nil {
					bad.Add(1)
					time.Sleep(request) // no busy loop on a refused connection
					continue
				}
				_ = response.Body.Close()
			}
		})
	}

	time.Sleep(4 * request) // under load
	ended := make(chan struct{})
	go func() { end(leaving); close(ended) }()
	time.Sleep(lag)
	table.remove(address)
	<-ended
	time.Sleep(4 * request)
	close(stop)
	group.Wait()
	return all.Load(), bad.Load(), nil
}

func main() {
	for _, e := range endings {
		sent, failed, err := lost(e.end)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Printf("%-40s %3d of %3d requests lost\n", e.name, failed, sent)
	}
}
