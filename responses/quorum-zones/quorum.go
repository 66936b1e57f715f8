package main

import "sort"

// Place is where a node runs. A zone belongs to one region: zones of different regions have different names.
type Place struct{ Region, Zone string }

// Layout is one node for each entry; several nodes may share a place.
type Layout struct {
	Name  string
	Nodes []Place
}

// Majority is the number of nodes that must be up and in contact.
func (l Layout) Majority() int { return len(l.Nodes)/2 + 1 }

// Tolerates is the number of nodes that may be lost.
func (l Layout) Tolerates() int { return len(l.Nodes) - l.Majority() }

// names lists the distinct zones, or regions, in the order of their first node.
func (l Layout) names(of func(Place) string) []string {
	var names []string
	seen := map[string]bool{}
	for _, p := range l.Nodes {
		if n := of(p); !seen[n] {
			seen[n] = true
			names = append(names, n)
		}
	}
	return names
}

func zone(p Place) string   { return p.Zone }
func region(p Place) string { return p.Region }

// up counts the nodes whose zone, or region, is not in down.
func (l Layout) up(of func(Place) string, down map[string]bool) int {
	n := 0
	for _, p := range l.Nodes {
		if !down[of(p)] {
			n++
		}
	}
	return n
}

// Outage is a set of zones or regions that are down together.
type Outage []string

// Outages lists every outage of zones, or regions, and says of each whether a majority is left.
func (l Layout) Outages(of func(Place) string) (survived, fatal []Outage) {
	names := l.names(of)
	for set := 1; set < 1<<len(names); set++ {
		down, outage := map[string]bool{}, Outage{}
		for i, n := range names {
			if set&(1<<i) != 0 {
				down[n] = true
				outage = append(outage, n)
			}
		}
		if l.up(of, down) >= l.Majority() {
			survived = append(survived, outage)
		} else {
			fatal = append(fatal, outage)
		}
	}
	return survived, fatal
}

// Smallest lists the outages with the fewest members.
func Smallest(outages []Outage) []Outage {
	sort.SliceStable(outages, func(i, j int) bool { return len(outages[i]) < len(outages[j]) })
	for i, o := range outages {
		if len(o) > len(outages[0]) {
			return outages[:i]
		}
	}
	return outages
}

// Cut is a network split into two sides, with all nodes up: who can still reach a majority?
// It returns the side that can, or nil when neither side can.
func (l Layout) Cut(side Outage) Outage {
	inside, others := map[string]bool{}, Outage{}
	for _, n := range side {
		inside[n] = true
	}
	for _, n := range l.names(zone) {
		if !inside[n] {
			others = append(others, n)
		}
	}
	outside := l.up(zone, inside)
	switch {
	case outside >= l.Majority():
		return others
	case len(l.Nodes)-outside >= l.Majority():
		return side
	}
	return nil
}

// Risk is the chance, at any moment, that a part is down by itself.
type Risk struct{ Node, Zone, Region float64 }

// Stopped is the chance that no majority is left. Regions, zones and nodes fail independently of each other,
// but a region takes its zones along, and a zone its nodes. It adds up every combination: exact, no sampling.
func (l Layout) Stopped(r Risk) float64 {
	regions, zones := l.names(region), l.names(zone)
	home := map[string]string{}
	for _, p := range l.Nodes {
		home[p.Zone] = p.Region
	}
	parts := append(append([]string{}, regions...), zones...)
	total := 0.0
	for set := 0; set < 1<<len(parts); set++ {
		chance, down := 1.0, map[string]bool{}
		for i, n := range parts {
			risk := r.Region
			if i >= len(regions) {
				risk = r.Zone
			}
			if set&(1<<i) != 0 {
				down[n] = true
				chance *= risk
			} else {
				chance *= 1 - risk
			}
		}
		for _, z := range zones {
			down[z] = down[z] || down[home[z]]
		}
		total += chance * fewerThan(l.Majority(), l.up(zone, down), 1-r.Node)
	}
	return total
}

// fewerThan is the chance that fewer than k of n nodes are up, each with chance p.
func fewerThan(k, n int, p float64) float64 {
	chance := []float64{1} // chance[i]: i of the nodes so far are up
	for range n {
		next := make([]float64, len(chance)+1)
		for i, c := range chance {
			next[i] += c * (1 - p)
			next[i+1] += c * p
		}
		chance = next
	}
	sum := 0.0
	for i := 0; i < k && i < len(chance); i++ {
		sum += chance[i]
	}
	return sum
}

// Commit is the time a leader in zone waits until a majority, itself included, has a write, with the zones in down lost.
// It is false when there is no majority.
func (l Layout) Commit(leader Place, down map[string]bool, rtt func(a, b Place) float64) (float64, bool) {
	waits := []float64{0} // the leader's own vote
	mine := false
	for _, p := range l.Nodes {
		switch {
		case down[p.Zone]:
		case p == leader && !mine:
			mine = true
		default:
			waits = append(waits, rtt(leader, p))
		}
	}
	if len(waits) < l.Majority() {
		return 0, false
	}
	sort.Float64s(waits)
	return waits[l.Majority()-1], true
}
