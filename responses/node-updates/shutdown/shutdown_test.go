package main

import "testing"

// Counts depend on timing, so the test asks only which ways lose anything at all.
func TestOnlyThePreStopSleepLosesNothing(t *testing.T) {
	for i, e := range endings {
		sent, failed, err := lost(e.end)
		if err != nil {
			t.Fatal(err)
		}
		if wantNone := i == len(endings)-1; wantNone != (failed == 0) || sent == 0 {
			t.Errorf("%s: %d of %d lost", e.name, failed, sent)
		}
	}
}
