// Command experiment shows how requests spread over the pods of a Service when the choice is made for each connection, as
// kube-proxy does, and for each request. Real HTTP, on the loopback interface; the choices are seeded, so the result repeats.
//
//	go run ./skewed-service-load/experiment
package main

import (
	"fmt"
	"os"
	"text/tabwriter"
)

// scenario returns the requests that each backend got.
type scenario struct {
	name string
	run  func() ([]int64, error)
}

const (
	requests = 1320
	seed     = 2
)

var scenarios = []scenario{
	{"12 clients, keep-alive, equal", func() ([]int64, error) { return clients(newClient, 0, requests/12) }},
	{"12 clients, keep-alive, one sends half", func() ([]int64, error) { return clients(newClient, 0, requests/22, 11*requests/22) }},
	{"1 client, HTTP/2", oneHTTP2Client},
	{"12 clients, keep-alive, after scaling from 2 to 4", func() ([]int64, error) { return scaled(0) }},
	{"same, connections end after 10 requests", func() ([]int64, error) { return scaled(10) }},
	{"12 clients, one sends half, balanced by request", func() ([]int64, error) { return clients(newBalancedClient, 0, requests/22, 11*requests/22) }},
}

// clients runs 12 clients on 4 backends. Each sends the given number of requests; the first one may send another.
func clients(dial func(*service) *client, limit int64, each int, first ...int) ([]int64, error) {
	s, err := newService(4, limit, seed)
	if err != nil {
		return nil, err
	}
	defer s.close()
	for i := range 12 {
		c := dial(s)
		defer c.close()
		n := each
		if i == 0 && len(first) > 0 {
			n = first[0]
		}
		if err := c.send(n); err != nil {
			return nil, err
		}
	}
	return s.hits(), nil
}

func oneHTTP2Client() ([]int64, error) {
	s, err := newService(4, 0, seed)
	if err != nil {
		return nil, err
	}
	defer s.close()
	c := newHTTP2Client(s)
	defer c.close()
	for range requests / 60 {
		if err := c.sendAtOnce(60); err != nil {
			return nil, err
		}
	}
	return s.hits(), nil
}

// scaled sends half of the requests to 2 backends and the rest after two more have come; it counts the rest.
func scaled(limit int64) ([]int64, error) {
	s, err := newService(2, limit, seed)
	if err != nil {
		return nil, err
	}
	defer s.close()
	var all []*client
	for range 12 {
		c := newClient(s)
		defer c.close()
		all = append(all, c)
	}
	half := func() error {
		for _, c := range all {
			if err := c.send(requests / 24); err != nil {
				return err
			}
		}
		return nil
	}
	if err := half(); err != nil {
		return nil, err
	}
	if err := s.scaleUp(2, limit); err != nil {
		return nil, err
	}
	before := s.hits()
	if err := half(); err != nil {
		return nil, err
	}
	after := s.hits()
	for i := range before {
		after[i] -= before[i]
	}
	return after, nil
}

func main() {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(out, "SCENARIO\tREQUESTS BY POD\tBUSIEST AGAINST MEAN")
	for _, s := range scenarios {
		hits, err := s.run()
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", s.name, err)
			os.Exit(1)
		}
		_, _ = fmt.Fprintf(out, "%s\t%v\t%.1f\n", s.name, hits, skew(hits))
	}
	_ = out.Flush()
}

// skew is the busiest backend's load as a multiple of the mean: 1 is even.
func skew(hits []int64) float64 {
	var sum, most int64
	for _, n := range hits {
		sum += n
		most = max(most, n)
	}
	return float64(most) * float64(len(hits)) / float64(sum)
}
