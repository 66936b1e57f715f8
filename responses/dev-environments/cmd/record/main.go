// Command record writes down what each environment asked for and used on one day: it asks Prometheus for the recording rules and
// puts a row per environment and day into PostgreSQL (../../records/schema.sql). A second run for a day changes nothing.
//
// PostgreSQL is named by its own variables: PGHOST, PGDATABASE, PGUSER, PGPASSWORD, PGSSLMODE.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/api"
	prometheus "github.com/prometheus/client_golang/api/prometheus/v1"
)

type options struct {
	prometheus string
	day        string
	step       time.Duration
	unfinished bool
	incomplete bool
}

func main() {
	var o options
	flag.StringVar(&o.prometheus, "prometheus", "http://prometheus-operated.monitoring:9090", "Prometheus' `address`")
	flag.StringVar(&o.day, "day", "", "the `day` to record, as 2006-01-02 in UTC (default yesterday)")
	flag.DurationVar(&o.step, "step", time.Minute, "the time between two points, each of which stands for the `time` before it")
	flag.BoolVar(&o.unfinished, "unfinished", false, "record a day that is not over, as far as it is known; the run after its end writes it anew")
	flag.BoolVar(&o.incomplete, "incomplete", false, "record a day though measurements are missing, or there is less than on record")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o, time.Now()); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options, now time.Time) error {
	w, err := o.window(now)
	if err != nil {
		return err
	}
	client, err := api.NewClient(api.Config{Address: o.prometheus})
	if err != nil {
		return err
	}
	incomplete := o.incomplete || w.unfinished
	days, err := collect(ctx, prometheus.NewAPI(client), w, incomplete)
	if err != nil {
		return fmt.Errorf("%s: %w; nothing is written", w.day(), err)
	}
	// Without an argument pgx reads the PG* variables.
	db, err := pgx.Connect(ctx, "")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close(context.WithoutCancel(ctx)) }()
	written, err := store(ctx, db, w, days, incomplete)
	if err != nil {
		return fmt.Errorf("%s: %w; nothing is written", w.day(), err)
	}
	fmt.Printf("%s: %d environments, %d rows new or changed\n", w.day(), len(days), written)
	return nil
}

// window is the recorded time: a day in UTC, or as much of it as has passed.
type window struct {
	start, end time.Time
	step       time.Duration
	unfinished bool
}

func (w window) day() string { return w.start.Format(time.DateOnly) }

func (o options) window(now time.Time) (window, error) {
	now = now.UTC()
	start := now.Truncate(24*time.Hour).AddDate(0, 0, -1)
	if o.day != "" {
		var err error
		if start, err = time.Parse(time.DateOnly, o.day); err != nil {
			return window{}, fmt.Errorf("bad -day: %w", err)
		}
	}
	if o.step <= 0 || (24*time.Hour)%o.step != 0 {
		return window{}, fmt.Errorf("bad -step %s: a day is no multiple of it", o.step)
	}
	if points := 24 * time.Hour / o.step; points > 11_000 {
		return window{}, fmt.Errorf("bad -step %s: a day of %d points, and Prometheus answers with 11000 at most; try: -step 10s", o.step, points)
	}
	w := window{start: start, end: start.AddDate(0, 0, 1), step: o.step}
	if now.Before(w.end) {
		if !o.unfinished {
			return window{}, fmt.Errorf("%s is not over; try: -unfinished", w.day())
		}
		w.end, w.unfinished = now.Truncate(o.step), true
	}
	if !w.end.After(w.start) {
		return window{}, fmt.Errorf("%s has not begun", w.day())
	}
	return w, nil
}
