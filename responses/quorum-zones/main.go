// Command quorum-zones compares layouts of a service that needs a majority of its nodes: which outages stop it, how
// likely that is, and how long a write waits.
//
//	go run ./quorum-zones
package main

import (
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
)

func east(zones string) []Place {
	var places []Place
	for _, z := range zones {
		places = append(places, Place{"us-east-1", "us-east-1" + string(z)})
	}
	return places
}

var (
	brief = Layout{"3 east + 1 west (the brief)", append(east("abc"), Place{"us-west-1", "us-west-1a"})}
	three = Layout{"3 in three zones", east("abc")}
	five  = Layout{"5 in five zones", east("abcdf")}
	wide  = Layout{"2 + 2 + 1 in three regions", append(east("ab"),
		Place{"us-east-2", "us-east-2a"}, Place{"us-east-2", "us-east-2b"}, Place{"us-west-1", "us-west-1a"})}

	layouts = []Layout{brief, three, five, wide}

	// Assumptions, for comparing layouts and not as a forecast.
	risk = Risk{Node: 0.005, Zone: 0.001, Region: 0.0001}
)

// milliseconds is an assumed round trip: 1 ms in a region, 12 ms between the eastern regions, 70 ms across the country.
func milliseconds(a, b Place) float64 {
	switch {
	case a.Region == b.Region:
		return 1
	case strings.HasPrefix(a.Region, "us-east") && strings.HasPrefix(b.Region, "us-east"):
		return 12
	}
	return 70
}

func main() {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(out, "LAYOUT\tNEEDS\tSTOPPED BY ZONES\tBY REGIONS\tMIN A YEAR\tWRITE MS: ALL UP\tA ZONE LOST\tLEADER LAST")
	for _, l := range layouts {
		first, last := l.Nodes[0], l.Nodes[len(l.Nodes)-1]
		_, _ = fmt.Fprintf(out, "%s\t%d of %d\t%s\t%s\t%.0f\t%s\t%s\t%s\n",
			l.Name, l.Majority(), len(l.Nodes), stoppedBy(l, zone), stoppedBy(l, region), l.Stopped(risk)*365*24*60,
			wait(l, first, nil), wait(l, l.Nodes[1], map[string]bool{first.Zone: true}), wait(l, last, nil))
	}
	_ = out.Flush()
}

// stoppedBy describes the smallest outages that stop a layout.
func stoppedBy(l Layout, of func(Place) string) string {
	_, fatal := l.Outages(of)
	smallest := Smallest(fatal)
	if len(smallest) == 1 {
		return strings.Join(smallest[0], " + ")
	}
	return fmt.Sprintf("%d sets of %d", len(smallest), len(smallest[0]))
}

func wait(l Layout, leader Place, down map[string]bool) string {
	ms, ok := l.Commit(leader, down, milliseconds)
	if !ok {
		return "stopped"
	}
	return fmt.Sprintf("%.0f", ms)
}
