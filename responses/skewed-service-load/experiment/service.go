package main

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// backend is a pod: an HTTP server on the loopback interface that counts its requests.
type backend struct {
	address string
	hits    atomic.Int64
	server  *http.Server
}

type connectionRequests struct{}

// startBackend serves HTTP/1.1 and HTTP/2 without TLS. With limit > 0 it closes a connection after that many requests, as
// Envoy's max_requests_per_connection or nginx's keepalive_requests do.
func startBackend(limit int64) (*backend, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	b := &backend{address: listener.Addr().String()}
	b.server = &http.Server{
		Protocols: new(http.Protocols),
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			return context.WithValue(ctx, connectionRequests{}, new(atomic.Int64))
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b.hits.Add(1)
			if n := r.Context().Value(connectionRequests{}).(*atomic.Int64).Add(1); limit > 0 && n >= limit {
				w.Header().Set("Connection", "close")
			}
		}),
	}
	b.server.Protocols.SetHTTP1(true)
	b.server.Protocols.SetUnencryptedHTTP2(true)
	go func() { _ = b.server.Serve(listener) }() // ends with Close
	return b, nil
}

// service is a Service with its endpoints.
type service struct {
	mu       sync.Mutex
	backends []*backend
	random   *rand.Rand
	turn     int
}

// newService starts n backends. The seed fixes which backend each new connection gets.
func newService(n int, limit int64, seed uint64) (*service, error) {
	s := &service{random: rand.New(rand.NewPCG(seed, 0))}
	return s, s.scaleUp(n, limit)
}

func (s *service) scaleUp(n int, limit int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		b, err := startBackend(limit)
		if err != nil {
			return err
		}
		s.backends = append(s.backends, b)
	}
	return nil
}

func (s *service) close() {
	for _, b := range s.backends {
		_ = b.server.Close()
	}
}

func (s *service) hits() []int64 {
	var hits []int64
	for _, b := range s.backends {
		hits = append(hits, b.hits.Load())
	}
	return hits
}

// dial does what kube-proxy does: it picks an endpoint at random, once, for each new connection.
func (s *service) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	s.mu.Lock()
	b := s.backends[s.random.IntN(len(s.backends))]
	s.mu.Unlock()
	return new(net.Dialer).DialContext(ctx, network, b.address)
}

// next does what a proxy that understands HTTP does: the next endpoint for each request.
func (s *service) next() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn++
	return s.backends[s.turn%len(s.backends)].address
}
