// Package quorum holds the numbers of README.md's table to an enumeration of what can fail.
package quorum

import (
	"fmt"
	"math/bits"
	"os"
	"strings"
	"testing"
)

// losses counts the sets of k of n nodes that stop the service when they are lost.
func losses(n, k int) (fatal, all int) {
	for lost := range uint(1) << n {
		if bits.OnesCount(lost) == k {
			all++
			if n-k < n/2+1 {
				fatal++
			}
		}
	}
	return fatal, all
}

// splits counts the ways to split n nodes into parts that cannot reach each other, and those that leave no part a majority.
func splits(n, parts int) (fatal, all int) {
	var place func(node, used int, sizes []int)
	place = func(node, used int, sizes []int) {
		if node == n {
			if used == parts {
				all++
				if maximum(sizes) < n/2+1 {
					fatal++
				}
			}
			return
		}
		for part := range min(used+1, parts) {
			sizes[part]++
			place(node+1, max(used, part+1), sizes)
			sizes[part]--
		}
	}
	place(0, 0, make([]int, parts))
	return fatal, all
}

func maximum(sizes []int) int {
	most := 0
	for _, size := range sizes {
		most = max(most, size)
	}
	return most
}

func TestREADMEShowsWhatStopsEachSize(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	of := func(fatal, all int) string { return fmt.Sprintf("%d of %d", fatal, all) }
	for _, n := range []int{3, 4, 5} {
		row := fmt.Sprintf("| %d | %d | %s | %s | %s |", n, n/2+1, of(losses(n, 2)), of(splits(n, 2)), of(splits(n, 3)))
		if !strings.Contains(string(readme), row) {
			t.Errorf("README.md lacks the row %s", row)
		}
	}
}
