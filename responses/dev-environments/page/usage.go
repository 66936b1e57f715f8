package page

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/api"
	prometheus "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"k8s.io/apimachinery/pkg/api/resource"

	"dev-environments.test/environments"
)

// Usage is what an environment uses, by resource: the most of it in the last day, and of Sessions those that are open now. What is not
// measured is missing.
type Usage map[string]float64

// The series of ../deploy/rules/environments.yaml, and the unit that a value is shown in.
var resources = []struct {
	name, query, unit string
	one               float64
}{
	{"CPU", "max_over_time(environment:cpu_used:cores{namespace=%q}[1d])", "cores", 1},
	{"Memory", "max_over_time(environment:memory_used:bytes{namespace=%q}[1d])", "GiB", 1 << 30},
	{"GPU", "max_over_time(environment:gpu_used:count{namespace=%q}[1d])", "GPUs", 1},
	{"Sessions", "environment:sessions:count{namespace=%q}", "", 1},
}

// Prometheus asks one for the usage of a team's environments.
func Prometheus(address string) (func(ctx context.Context, team string) (map[string]Usage, error), error) {
	client, err := api.NewClient(api.Config{Address: address})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, team string) (map[string]Usage, error) {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		usage := map[string]Usage{}
		for _, r := range resources {
			value, _, err := prometheus.NewAPI(client).Query(ctx, fmt.Sprintf(r.query, "team-"+team), time.Now())
			if err != nil {
				return nil, err
			}
			vector, ok := value.(model.Vector)
			if !ok {
				return nil, fmt.Errorf("Prometheus answers %s with a %s", r.query, value.Type())
			}
			for _, sample := range vector {
				name := string(sample.Metric["environment"])
				if usage[name] == nil {
					usage[name] = Usage{}
				}
				usage[name][r.name] = max(usage[name][r.name], float64(sample.Value)/r.one)
			}
		}
		return usage, nil
	}, nil
}

// meter is what was used of what is requested.
type meter struct {
	Name, Text      string
	Used, Requested float64
}

func meters(e environments.Environment, usage Usage) (list []meter) {
	requested := map[string]string{"CPU": e.CPU, "Memory": e.Memory, "GPU": e.GPU}
	for _, r := range resources {
		used, measured := usage[r.name]
		quantity, err := resource.ParseQuantity(requested[r.name])
		if err != nil || !measured || quantity.IsZero() {
			continue
		}
		of := quantity.AsApproximateFloat64() / r.one
		list = append(list, meter{r.name, fmt.Sprintf("at most %s of %s %s in the last day", number(used), number(of), r.unit), used, of})
	}
	return list
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) }
