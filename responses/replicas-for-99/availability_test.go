package main

import (
	"math"
	"testing"
)

func TestTwoIndependentReplicasReach99(t *testing.T) {
	if got := Independent(0.95, 1); got >= 0.99 {
		t.Errorf("one replica: %v", got)
	}
	if got := Independent(0.95, 2); math.Abs(got-0.9975) > 1e-12 {
		t.Errorf("two replicas: %v, want 0.9975", got)
	}
	if n, ok := Replicas(0.95, 0, 0.99); n != 2 || !ok {
		t.Errorf("%d replicas (%v), want 2", n, ok)
	}
}

func TestWithoutSharedCausesTheModelsAgree(t *testing.T) {
	for n := 1; n <= 5; n++ {
		if a, b := Independent(0.95, n), Shared(0.95, 0, n); math.Abs(a-b) > 1e-12 {
			t.Errorf("n=%d: %v and %v", n, a, b)
		}
	}
}

func TestSharedCausesLeaveASingleReplicaAsItWas(t *testing.T) {
	for beta := 0.0; beta <= 1; beta += 0.1 {
		if got := Shared(0.95, beta, 1); math.Abs(got-0.95) > 1e-12 {
			t.Errorf("beta=%.1f: %v, want 0.95", beta, got)
		}
	}
	if got := Shared(0.95, 1, 100); math.Abs(got-0.95) > 1e-12 {
		t.Errorf("all causes shared: 100 replicas reach %v, want 0.95", got)
	}
}

// The limits stated in README.md: two replicas up to 0.0075/0.91/0.05 = 16.48%, none from 20% on.
func TestWhereTheLimitsLie(t *testing.T) {
	for _, c := range []struct {
		beta float64
		n    int
		ok   bool
	}{{0, 2, true}, {0.1648, 2, true}, {0.1649, 3, true}, {0.1986, 3, true}, {0.1999, 4, true}, {0.20, 0, false}, {1, 0, false}} {
		if n, ok := Replicas(0.95, c.beta, 0.99); n != c.n || ok != c.ok {
			t.Errorf("beta=%v: %d (%v), want %d (%v)", c.beta, n, ok, c.n, c.ok)
		}
	}
}

// A million moments have a standard error below 0.00025; four of them are allowed. The seed makes the test repeatable.
func TestTheSimulationAgreesWithTheFormula(t *testing.T) {
	const moments, allowed = 1_000_000, 4 * 0.00025
	for _, beta := range []float64{0, 0.1, 0.2, 0.5, 1} {
		for _, n := range []int{1, 2, 3} {
			atLeastOne, first := Simulate(0.95, beta, n, moments, 1)
			if want := Shared(0.95, beta, n); math.Abs(atLeastOne-want) > allowed {
				t.Errorf("beta=%v n=%d: simulated %v, formula %v", beta, n, atLeastOne, want)
			}
			if math.Abs(first-0.95) > allowed {
				t.Errorf("beta=%v n=%d: the first replica alone is up %v, want 0.95", beta, n, first)
			}
		}
	}
}

func TestTheSimulationRepeatsItself(t *testing.T) {
	a, _ := Simulate(0.95, 0.2, 2, 1000, 7)
	b, _ := Simulate(0.95, 0.2, 2, 1000, 7)
	if a != b {
		t.Errorf("%v and %v from the same seed", a, b)
	}
}
