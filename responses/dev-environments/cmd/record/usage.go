package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	prometheus "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
)

// environmentDay is a row; the JSON names are the table's columns.
type environmentDay struct {
	Namespace          string    `json:"namespace"`
	Environment        string    `json:"environment"`
	Day                string    `json:"day"`
	Team               string    `json:"team"`
	Owner              string    `json:"owner"`
	NodeGroup          string    `json:"node_group"`
	ImageBase          string    `json:"image_base"`
	AskedAt            time.Time `json:"asked_at"`
	RunningHours       float64   `json:"running_hours"`
	SessionHours       float64   `json:"session_hours"`
	CoreHoursRequested float64   `json:"core_hours_requested"`
	CoreHoursUsed      float64   `json:"core_hours_used"`
	GiBHoursRequested  float64   `json:"gib_hours_requested"`
	GiBHoursUsed       float64   `json:"gib_hours_used"`
	GiBPeak            float64   `json:"gib_peak"`
	GPUHoursRequested  float64   `json:"gpu_hours_requested"`
	GPUHoursUsed       float64   `json:"gpu_hours_used"`
}

// What is asked of Prometheus: the recording rules (../../deploy/rules/environments.yaml), and kube-state-metrics for what no rule has.
// Series and not the API server, because they are still there when the environment is deleted.
const (
	cpuRequested    = "environment:cpu_requested:cores"
	cpuUsed         = "environment:cpu_used:cores"
	memoryRequested = "environment:memory_requested:bytes"
	memoryUsed      = "environment:memory_used:bytes"
	gpuRequested    = "environment:gpu_requested:count"
	gpuUsed         = "environment:gpu_used:count"
	openSessions    = "environment:sessions:count"
	created         = "kube_statefulset_created"
	annotations     = "kube_statefulset_annotations"
	watched         = "count(kube_node_info)" // there is always a node: without this series nobody watched

	// The rules count while the container runs: one that waits for a node or an image asks, but has nothing and uses nothing.
	running = " and on (namespace, environment) sum by (namespace, environment) (" +
		`kube_pod_container_status_running{container="environment"}` +
		" * on (namespace, pod) group_left (environment) environment:pod:info) > 0"

	imageBase = "annotation_dev_example_com_image_base"
	gib       = 1 << 30

	// gap is the time without a measurement that is accepted: a start, a restart of Prometheus.
	gap = 15 * time.Minute
)

// collect makes the rows, in the order of their keys.
func collect(ctx context.Context, api prometheus.API, w window, incomplete bool) ([]environmentDay, error) {
	answers := map[string]map[key]series{}
	for _, query := range []string{
		watched, cpuRequested, cpuUsed, memoryRequested, memoryUsed, gpuRequested, gpuUsed, openSessions, created, annotations,
	} {
		answer, err := ask(ctx, api, query, w)
		if err != nil {
			return nil, err
		}
		answers[query] = answer
	}
	if !incomplete {
		if err := complete(answers, w); err != nil {
			return nil, fmt.Errorf("%w; try again later, or -incomplete if it is lost", err)
		}
	}
	var days []environmentDay
	for k, requested := range answers[cpuRequested] {
		day, err := makeDay(k, requested, answers, w)
		if err != nil {
			return nil, err
		}
		days = append(days, day)
	}
	slices.SortFunc(days, func(a, b environmentDay) int {
		return cmp.Or(strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Environment, b.Environment))
	})
	return days, nil
}

func ask(ctx context.Context, api prometheus.API, query string, w window) (map[key]series, error) {
	expression := query
	if strings.HasPrefix(query, "environment:") {
		expression += running
	}
	value, warnings, err := api.QueryRange(ctx, expression, prometheus.Range{Start: w.start.Add(w.step), End: w.end, Step: w.step})
	if err != nil {
		return nil, fmt.Errorf("prometheus does not answer %s: %w", query, err)
	}
	if len(warnings) > 0 {
		return nil, fmt.Errorf("prometheus answers %s only in part: %s", query, strings.Join(warnings, "; "))
	}
	matrix, ok := value.(model.Matrix)
	if !ok {
		return nil, fmt.Errorf("prometheus answers %s with a %s", query, value.Type())
	}
	answer := map[key]series{}
	for _, stream := range matrix {
		k := key{string(stream.Metric["namespace"]), string(cmp.Or(stream.Metric["environment"], stream.Metric["statefulset"]))}
		s, known := answer[k]
		if !known {
			s = series{min: math.Inf(1), max: math.Inf(-1)}
		}
		for _, point := range stream.Values {
			s.add(stream.Metric, point)
		}
		answer[k] = s
	}
	return answer, nil
}

func (s *series) add(labels model.Metric, point model.SamplePair) {
	value := float64(point.Value)
	if math.IsNaN(value) {
		return // not a measurement; complete misses it
	}
	if point.Timestamp >= s.last {
		s.last, s.labels = point.Timestamp, labels
	}
	s.points++
	if value > 0 {
		s.above++
	}
	s.sum += value
	s.min, s.max = min(s.min, value), max(s.max, value)
}

// complete refuses an answer in which measurements are missing though the environment ran: a node that was not scraped, a Prometheus
// that was down. Rows from such an answer would look like little use.
func complete(answers map[string]map[key]series, w window) error {
	if missing := w.end.Sub(w.start) - time.Duration(answers[watched][key{}].points)*w.step; missing > gap {
		return fmt.Errorf("kube-state-metrics was not watched for %s", missing)
	}
	for _, k := range slices.SortedFunc(maps.Keys(answers[cpuRequested]), func(a, b key) int { return strings.Compare(a.String(), b.String()) }) {
		needed := []string{cpuUsed, memoryRequested, memoryUsed, openSessions}
		if answers[gpuRequested][k].above > 0 {
			needed = append(needed, gpuUsed)
		}
		for _, rule := range needed {
			if missing := time.Duration(answers[cpuRequested][k].points-answers[rule][k].points) * w.step; missing > gap {
				return fmt.Errorf("%s has no %s for %s of the time it ran", k, rule, missing)
			}
		}
	}
	return nil
}

func makeDay(k key, requested series, answers map[string]map[key]series, w window) (environmentDay, error) {
	asked, known := answers[created][k]
	if !known {
		return environmentDay{}, fmt.Errorf("%s has no %s", k, created)
	}
	base := string(answers[annotations][k].labels[imageBase])
	if base == "" {
		return environmentDay{}, fmt.Errorf("%s has no image base; try: kube-state-metrics "+
			"--metric-annotations-allowlist=statefulsets=[dev.example.com/image-base]", k)
	}
	integral := func(rule string) float64 { return answers[rule][k].sum * w.step.Hours() }
	return environmentDay{
		Namespace:          k.namespace,
		Environment:        k.environment,
		Day:                w.day(),
		Team:               string(requested.labels["team"]),
		Owner:              string(requested.labels["owner"]),
		NodeGroup:          string(requested.labels["group"]),
		ImageBase:          base,
		AskedAt:            time.Unix(int64(asked.min), 0).UTC(),
		RunningHours:       float64(requested.points) * w.step.Hours(),
		SessionHours:       float64(answers[openSessions][k].above) * w.step.Hours(),
		CoreHoursRequested: integral(cpuRequested),
		CoreHoursUsed:      integral(cpuUsed),
		GiBHoursRequested:  integral(memoryRequested) / gib,
		GiBHoursUsed:       integral(memoryUsed) / gib,
		GiBPeak:            answers[memoryUsed][k].max / gib,
		GPUHoursRequested:  integral(gpuRequested),
		GPUHoursUsed:       integral(gpuUsed),
	}, nil
}
