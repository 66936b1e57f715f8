package main

import (
	"slices"
	"testing"
)

func run(t *testing.T, name string) []int64 {
	t.Helper()
	for _, s := range scenarios {
		if s.name != name {
			continue
		}
		hits, err := s.run()
		if err != nil {
			t.Fatal(err)
		}
		return hits
	}
	t.Fatalf("no scenario %q", name)
	return nil
}

func TestOneHTTP2ClientLoadsOnePod(t *testing.T) {
	hits := run(t, "1 client, HTTP/2")
	if slices.Max(hits) != requests || skew(hits) != 4 {
		t.Errorf("%v: want all %d requests on one pod", hits, requests)
	}
}

func TestOneBusyClientSkewsKeepAlive(t *testing.T) {
	if got := skew(run(t, "12 clients, keep-alive, one sends half")); got < 2 {
		t.Errorf("busiest pod at %.1f times the mean, want at least 2", got)
	}
}

func TestNewPodsGetNothingFromOldConnections(t *testing.T) {
	if hits := run(t, "12 clients, keep-alive, after scaling from 2 to 4"); hits[2] != 0 || hits[3] != 0 {
		t.Errorf("%v: want nothing for the two new pods", hits)
	}
}

func TestShortConnectionsReachNewPods(t *testing.T) {
	hits := run(t, "same, connections end after 10 requests")
	if slices.Min(hits) < requests/2/4/2 {
		t.Errorf("%v: want every pod to get at least half of an even share", hits)
	}
}

func TestBalancingByRequestIsEven(t *testing.T) {
	hits := run(t, "12 clients, one sends half, balanced by request")
	if slices.Max(hits)-slices.Min(hits) > 1 {
		t.Errorf("%v: want an even spread", hits)
	}
}

func TestTheResultRepeats(t *testing.T) {
	for _, s := range scenarios {
		if a, b := run(t, s.name), run(t, s.name); !slices.Equal(a, b) {
			t.Errorf("%s: %v, then %v", s.name, a, b)
		}
	}
}
