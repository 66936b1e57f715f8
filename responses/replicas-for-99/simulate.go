package main

import "math/rand/v2"

// Simulate looks at n replicas at the given number of moments and returns the share of moments with at least one up, and
// the share with the first one up, which shows that beta does not change a single replica.
// The draws come from seed alone: the same seed gives the same result.
func Simulate(p, beta float64, n, moments int, seed uint64) (anyUp, firstUp float64) {
	random := rand.New(rand.NewPCG(seed, 0))
	shared, own := causes(p, beta)
	atLeastOne, theFirst := 0, 0
	for range moments {
		if random.Float64() < shared {
			continue // all are down
		}
		up := false
		for replica := range n {
			if random.Float64() >= own {
				up = true
				if replica == 0 {
					theFirst++
				}
			}
		}
		if up {
			atLeastOne++
		}
	}
	return float64(atLeastOne) / float64(moments), float64(theFirst) / float64(moments)
}
