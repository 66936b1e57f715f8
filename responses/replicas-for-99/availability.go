package main

import "math"

// Independent is the chance that at least one of n replicas is up, when each is up with chance p by itself.
func Independent(p float64, n int) float64 { return 1 - math.Pow(1-p, float64(n)) }

// Shared is the same when a share beta of each replica's downtime comes from causes that take all replicas at once: a bad
// release, a full database, a lost zone. Each replica alone is still up with chance p, whatever beta is.
//
// This is the beta-factor model: shared cause c = beta(1-p); own cause i with c + (1-c)i = 1-p; all are down with chance c + (1-c)i^n.
func Shared(p, beta float64, n int) float64 {
	c, i := causes(p, beta)
	return 1 - (c + (1-c)*math.Pow(i, float64(n)))
}

// causes splits a replica's unavailability into the chance of a shared cause and, without one, of an own cause.
func causes(p, beta float64) (shared, own float64) {
	shared = beta * (1 - p)
	return shared, (1 - p - shared) / (1 - shared)
}

// Replicas is the smallest number that reaches target, or false when no number does: the shared cause alone is too much.
func Replicas(p, beta, target float64) (int, bool) {
	if c, _ := causes(p, beta); 1-c <= target {
		return 0, false
	}
	n := 1
	for Shared(p, beta, n) < target {
		n++
	}
	return n, true
}
