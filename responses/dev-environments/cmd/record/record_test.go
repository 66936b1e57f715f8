package main

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	prometheus "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
)

func TestRecord(t *testing.T) {
	RegisterFailHandler(Fail)
	RunSpecs(t, "record")
}

var _ = Describe("a day", func() {
	var (
		server *fakePrometheus
		w      window
	)
	BeforeEach(func() {
		start := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
		w = window{start: start, end: start.AddDate(0, 0, 1), step: 5 * time.Minute}
		server = &fakePrometheus{start: start, queries: map[string][]stream{}}
		server.add(watched, nil, 0, 24, 3)
		server.addEnvironment("a", "dev-a", 8, 12)
	})

	It("adds up under its last owner", func(ctx SpecContext) {
		server.addEnvironment("a", "dev-b", 12, 14)
		days, err := collect(ctx, server, w, false)
		Expect(err).NotTo(HaveOccurred())
		Expect(days).To(HaveLen(1))
		Expect(days[0].Owner).To(Equal("dev-b"))
		Expect(days[0].RunningHours).To(Equal(6.0))
		Expect(days[0].CoreHoursRequested).To(Equal(24.0))
	})

	It("may be one on which nothing ran", func(ctx SpecContext) {
		server.queries = map[string][]stream{}
		server.add(watched, nil, 0, 24, 3)
		Expect(collect(ctx, server, w, false)).To(BeEmpty())
	})

	It("is not made from a partial answer", func(ctx SpecContext) {
		server.warnings = []string{"store-1 is unavailable"}
		_, err := collect(ctx, server, w, true)
		Expect(err).To(MatchError(And(ContainSubstring("only in part"), ContainSubstring("store-1 is unavailable"))))
	})

	It("is not made while Prometheus fails", func(ctx SpecContext) {
		server.err = errors.New("503")
		_, err := collect(ctx, server, w, true)
		Expect(err).To(MatchError(ContainSubstring("prometheus does not answer")))
	})

	DescribeTable("is refused when measurements are missing, unless asked for",
		func(ctx SpecContext, lose func(), line string) {
			lose()
			_, err := collect(ctx, server, w, false)
			Expect(err).To(MatchError(ContainSubstring(line)))
			Expect(collect(ctx, server, w, true)).To(HaveLen(1))
		},
		Entry("nobody watched", func() { server.queries[watched] = nil; server.add(watched, nil, 0, 20, 3) },
			"kube-state-metrics was not watched for 4h0m0s"),
		Entry("a rule has no series", func() { server.queries[cpuUsed] = nil },
			"team-search/a has no environment:cpu_used:cores for 4h0m0s"),
		Entry("a series has a hole", func() {
			server.queries[memoryUsed] = nil
			server.add(memoryUsed, environment("a", "dev-a"), 8, 11, gib)
		}, "team-search/a has no environment:memory_used:bytes for 1h0m0s"),
		Entry("a GPU is asked for and not measured", func() { server.add(gpuRequested, environment("a", "dev-a"), 8, 12, 1) },
			"team-search/a has no environment:gpu_used:count for 4h0m0s"),
	)

	It("may miss the minutes of a start", func(ctx SpecContext) {
		server.queries[cpuUsed] = nil
		server.add(cpuUsed, environment("a", "dev-a"), 8.25, 12, 1)
		Expect(collect(ctx, server, w, false)).To(HaveLen(1))
	})

	DescribeTable("needs what kube-state-metrics knows", func(ctx SpecContext, metric, line string) {
		server.queries[metric] = nil
		_, err := collect(ctx, server, w, true)
		Expect(err).To(MatchError(ContainSubstring(line)))
	},
		Entry("when it was launched", created, "team-search/a has no kube_statefulset_created"),
		Entry("its image", annotations, "team-search/a has no image base; try: "),
	)
})

var _ = Describe("the window", func() {
	now := time.Date(2026, 10, 6, 14, 10, 30, 0, time.FixedZone("", 3600))
	day := func(o options) (string, error) {
		o.step = cmp.Or(o.step, time.Minute)
		w, err := o.window(now)
		return w.start.Format(time.DateTime) + " to " + w.end.Format(time.DateTime), err
	}

	DescribeTable("is a day in UTC, and not one that is not over", func(o options, window, message string) {
		if got, err := day(o); message == "" {
			Expect(got, err).To(Equal(window))
		} else {
			Expect(err).To(MatchError(ContainSubstring(message)))
		}
	},
		Entry("yesterday", options{}, "2026-10-05 00:00:00 to 2026-10-06 00:00:00", ""),
		Entry("a day asked for", options{day: "2026-02-28"}, "2026-02-28 00:00:00 to 2026-03-01 00:00:00", ""),
		Entry("today", options{day: "2026-10-06"}, "", "2026-10-06 is not over; try: -unfinished"),
		Entry("what has passed of today", options{day: "2026-10-06", unfinished: true}, "2026-10-06 00:00:00 to 2026-10-06 13:10:00", ""),
		Entry("tomorrow", options{day: "2026-10-07", unfinished: true}, "", "2026-10-07 has not begun"),
		Entry("steps that are no part of a day", options{step: 7 * time.Minute}, "", "bad -step"),
		Entry("more points than Prometheus answers with", options{step: 5 * time.Second}, "", "try: -step 10s"),
	)
})

type stream struct {
	labels   model.Metric
	from, to float64 // hours of the day
	value    float64
}

// fakePrometheus answers range queries as Prometheus does: series with points between from (not included) and to.
type fakePrometheus struct {
	prometheus.API // of which record uses QueryRange only
	start          time.Time
	queries        map[string][]stream
	warnings       []string
	err            error
}

func (p *fakePrometheus) add(query string, labels model.Metric, from, to, value float64) {
	p.queries[query] = append(p.queries[query], stream{labels, from, to, value})
}

func environment(name, owner string) model.Metric {
	return model.Metric{"namespace": "team-search", "environment": model.LabelValue(name), "team": "search", "owner": model.LabelValue(owner), "group": "general"}
}

// addEnvironment has 4 cores and 8 GiB, half a core in use, and ssh in its first hour.
func (p *fakePrometheus) addEnvironment(name, owner string, from, to float64) {
	l, set := environment(name, owner), model.Metric{"namespace": "team-search", "statefulset": model.LabelValue(name), imageBase: "debian:13"}
	for query, value := range map[string]float64{cpuRequested: 4, cpuUsed: 0.5, memoryRequested: 8 * gib, memoryUsed: gib} {
		p.add(query, l, from, to, value)
	}
	p.add(openSessions, l, from, from+1, 2)
	p.add(openSessions, l, from+1, to, 0)
	p.add(created, set, 0, to, 1)
	p.add(annotations, set, 0, to, 1)
}

func (p *fakePrometheus) QueryRange(_ context.Context, expression string, r prometheus.Range, _ ...prometheus.Option) (model.Value, prometheus.Warnings, error) {
	query, condition, _ := strings.Cut(expression, " and on ")
	Expect(condition != "").To(Equal(strings.HasPrefix(query, "environment:")), "the rules, and only they, count while the container runs")
	matrix := model.Matrix{}
	for _, s := range p.queries[query] {
		answer := &model.SampleStream{Metric: s.labels}
		for t := r.Start; !t.After(r.End); t = t.Add(r.Step) {
			if hour := t.Sub(p.start).Hours(); hour > s.from && hour <= s.to {
				answer.Values = append(answer.Values, model.SamplePair{Timestamp: model.TimeFromUnixNano(t.UnixNano()), Value: model.SampleValue(s.value)})
			}
		}
		matrix = append(matrix, answer)
	}
	return matrix, p.warnings, p.err
}
