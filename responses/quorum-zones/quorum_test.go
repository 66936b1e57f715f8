package main

import (
	"math"
	"slices"
	"testing"
)

func TestAFourthNodeToleratesNothingMore(t *testing.T) {
	for _, c := range []struct {
		layout              Layout
		majority, tolerates int
	}{{brief, 3, 1}, {three, 2, 1}, {five, 3, 2}, {wide, 3, 2}} {
		if m, n := c.layout.Majority(), c.layout.Tolerates(); m != c.majority || n != c.tolerates {
			t.Errorf("%s: majority %d, tolerates %d; want %d, %d", c.layout.Name, m, n, c.majority, c.tolerates)
		}
	}
}

func TestWhichZoneOutagesTheBriefSurvives(t *testing.T) {
	survived, fatal := brief.Outages(zone)
	if len(survived) != 4 || len(fatal) != 11 {
		t.Errorf("%d survived, %d fatal; want the 4 single zones survived and the 11 other sets fatal", len(survived), len(fatal))
	}
	if pairs := Smallest(fatal); len(pairs) != 6 || len(pairs[0]) != 2 {
		t.Errorf("smallest fatal outages %v; want all 6 pairs", pairs)
	}
}

func TestRegions(t *testing.T) {
	for _, c := range []struct {
		layout Layout
		fatal  []Outage
	}{
		{brief, []Outage{{"us-east-1"}}},
		{three, []Outage{{"us-east-1"}}},
		{wide, []Outage{{"us-east-1", "us-east-2"}, {"us-east-1", "us-west-1"}, {"us-east-2", "us-west-1"}}},
	} {
		_, fatal := c.layout.Outages(region)
		if got := Smallest(fatal); !slices.EqualFunc(got, c.fatal, slices.Equal) {
			t.Errorf("%s: stopped by %v, want %v", c.layout.Name, got, c.fatal)
		}
	}
}

func TestCuts(t *testing.T) {
	for _, c := range []struct {
		name   string
		layout Layout
		side   Outage
		winner Outage
	}{
		{"west alone never has a majority", brief, Outage{"us-west-1a"}, Outage{"us-east-1a", "us-east-1b", "us-east-1c"}},
		{"two against two: both sides stop", brief, Outage{"us-east-1c", "us-west-1a"}, nil},
		{"three nodes always leave a winner", three, Outage{"us-east-1c"}, Outage{"us-east-1a", "us-east-1b"}},
	} {
		if got := c.layout.Cut(c.side); !slices.Equal(got, c.winner) {
			t.Errorf("%s: %v, want %v", c.name, got, c.winner)
		}
	}
}

func TestTheRiskAgainstTheFormula(t *testing.T) {
	const q = 0.01
	nodesOnly := Risk{Node: q}
	for _, c := range []struct {
		layout Layout
		want   float64
	}{
		{three, 3*q*q*(1-q) + q*q*q},
		{brief, 6*q*q*(1-q)*(1-q) + 4*q*q*q*(1-q) + q*q*q*q},
	} {
		if got := c.layout.Stopped(nodesOnly); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %g, want %g", c.layout.Name, got, c.want)
		}
	}
	if got := three.Stopped(Risk{Region: q}); math.Abs(got-q) > 1e-12 {
		t.Errorf("a region alone: %g, want %g", got, q)
	}
}

func TestTheFourthNodeMakesAnOutageMoreLikely(t *testing.T) {
	if b, w := brief.Stopped(risk), three.Stopped(risk); b <= w {
		t.Errorf("the brief's layout is down %g of the time, three nodes %g", b, w)
	}
	if f, w := five.Stopped(risk), three.Stopped(risk); f >= w {
		t.Errorf("five nodes are down %g of the time, three %g", f, w)
	}
}

func TestWritesWaitForTheOtherCoast(t *testing.T) {
	lostA := map[string]bool{"us-east-1a": true}
	for _, c := range []struct {
		name   string
		leader Place
		down   map[string]bool
		want   float64
	}{
		{"all up, leader in the east", brief.Nodes[0], nil, 1},
		{"one eastern zone lost: the west must answer", brief.Nodes[1], lostA, 70},
		{"leader in the west", brief.Nodes[3], nil, 70},
	} {
		if got, ok := brief.Commit(c.leader, c.down, milliseconds); !ok || got != c.want {
			t.Errorf("%s: %v ms (%v), want %v", c.name, got, ok, c.want)
		}
	}
	lostTwo := map[string]bool{"us-east-1a": true, "us-east-1b": true}
	if _, ok := brief.Commit(brief.Nodes[2], lostTwo, milliseconds); ok {
		t.Error("two nodes of four committed a write")
	}
}
