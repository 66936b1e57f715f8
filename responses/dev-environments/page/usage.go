package page

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/client_golang/api"
	prometheus "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"k8s.io/apimachinery/pkg/api/resource"

	"dev-environments.test/environments"
)

// Usage is what was used of a resource over the last day, a value each quarter of an hour. Missing ones are not measured, or asleep.
type Usage []*float64

const (
	window = 24 * time.Hour
	step   = 15 * time.Minute
)

// The series of ../deploy/rules/environments.yaml, and the unit that one of a value is shown in.
var resources = []struct {
	name, series, unit string
	one                float64
}{
	{"CPU", "environment:cpu_used:cores", "cores", 1},
	{"Memory", "environment:memory_used:bytes", "GiB", 1 << 30},
	{"GPU", "environment:gpu_used:count", "GPUs", 1},
	{"Sessions", "environment:ssh_sessions:count", "", 1}, // nothing is requested of it, so it is not drawn
}

// Prometheus asks one for the usage of a team's environments.
func Prometheus(address string) (func(ctx context.Context, team string) (map[string]map[string]Usage, error), error) {
	client, err := api.NewClient(api.Config{Address: address})
	if err != nil {
		return nil, err
	}
	asks := prometheus.NewAPI(client)
	return func(ctx context.Context, team string) (map[string]map[string]Usage, error) {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		usage := map[string]map[string]Usage{}
		end := time.Now()
		start := end.Add(-window)
		for _, r := range resources {
			value, _, err := asks.QueryRange(ctx, fmt.Sprintf("%s{namespace=%q}", r.series, "team-"+team), prometheus.Range{Start: start, End: end, Step: step})
			if err != nil {
				return nil, err
			}
			matrix, ok := value.(model.Matrix)
			if !ok {
				return nil, fmt.Errorf("%s is no matrix", r.series)
			}
			for _, stream := range matrix {
				name := string(stream.Metric["environment"])
				if usage[name] == nil {
					usage[name] = map[string]Usage{}
				}
				points := make(Usage, int(window/step)+1)
				for _, sample := range stream.Values {
					if i := int(sample.Timestamp.Time().Sub(start) / step); i >= 0 && i < len(points) {
						v := float64(sample.Value) / r.one
						points[i] = &v
					}
				}
				usage[name][r.name] = points
			}
		}
		return usage, nil
	}, nil
}

// last is the newest value as text, and empty if the newest is missing.
func (u Usage) last() string {
	if len(u) == 0 || u[len(u)-1] == nil {
		return ""
	}
	return number(*u[len(u)-1])
}

// plot is a small drawing: what was used over the last day, below the line of what is requested.
type plot struct {
	Name, Text string
	Width      int
	Height     int
	Requested  float64  // the line's y
	Areas      []string // the points of a polygon for each time that it was awake
}

func plots(e environments.Environment, usage map[string]Usage) []plot {
	requested := map[string]string{"CPU": e.CPU, "Memory": e.Memory, "GPU": e.GPU}
	var list []plot
	for _, r := range resources {
		points, measured := usage[r.name]
		quantity, err := resource.ParseQuantity(requested[r.name])
		if err != nil || !measured || quantity.IsZero() {
			continue
		}
		list = append(list, draw(r.name, r.unit, quantity.AsApproximateFloat64()/r.one, points))
	}
	return list
}

func draw(name, unit string, requested float64, points Usage) plot {
	const width, height = 192, 40
	var peak float64
	for _, p := range points {
		if p != nil {
			peak = max(peak, *p)
		}
	}
	top := max(requested, peak) * 1.1
	y := func(v float64) float64 { return height - v/top*height }
	d := plot{
		Name: name, Width: width, Height: height, Requested: y(requested),
		Text: fmt.Sprintf("at most %s of %s %s in the last day", number(peak), number(requested), unit),
	}
	x := func(i int) float64 { return float64(i) * width / float64(max(1, len(points)-1)) }
	var area []string
	first := 0
	end := func(last int) {
		if len(area) > 0 {
			d.Areas = append(d.Areas, fmt.Sprintf("%.1f,%d %s %.1f,%d", x(first), height, strings.Join(area, " "), x(last)+1, height))
		}
		area = nil
	}
	for i, p := range points {
		if p == nil {
			end(i - 1)
			continue
		}
		if len(area) == 0 {
			first = i
		}
		area = append(area, fmt.Sprintf("%.1f,%.1f", x(i), y(*p)))
	}
	end(len(points) - 1)
	return d
}

func number(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}
