package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// columns are what the job writes beside the primary key.
var columns = []string{
	"team", "owner", "node_group", "image_base", "asked_at", "running_hours", "session_hours", "core_hours_requested", "core_hours_used",
	"gib_hours_requested", "gib_hours_used", "gib_peak", "gpu_hours_requested", "gpu_hours_used",
}

// The lock lets one job write at a time, and everybody read.
const lock = `LOCK TABLE environment_days IN SHARE ROW EXCLUSIVE MODE`

// less finds a row on record of which the answer knows less, as when Prometheus has lost part of the day since.
const less = `
SELECT old.namespace || '/' || old.environment, old.running_hours::float8, coalesce(new.running_hours, 0)::float8
FROM environment_days AS old
LEFT JOIN jsonb_populate_recordset(NULL::environment_days, $2) AS new USING (namespace, environment)
WHERE old.day = $1 AND old.running_hours > coalesce(new.running_hours, 0)
ORDER BY 1 LIMIT 1`

// upsert leaves a row alone that says the same already.
func upsert() string {
	all := func(prefix string) string { return prefix + strings.Join(columns, ", "+prefix) }
	return fmt.Sprintf(`
INSERT INTO environment_days AS old (namespace, environment, day, %[1]s)
SELECT namespace, environment, day, %[1]s FROM jsonb_populate_recordset(NULL::environment_days, $1)
ON CONFLICT (namespace, environment, day) DO UPDATE SET (%[1]s, recorded_at) = (%[2]s, now())
WHERE (%[3]s) IS DISTINCT FROM (%[2]s)`, all(""), all("EXCLUDED."), all("old."))
}

// store writes all rows or none, and returns how many were new or changed.
func store(ctx context.Context, db *pgx.Conn, w window, days []environmentDay, incomplete bool) (int64, error) {
	if days == nil {
		days = []environmentDay{} // [] and not null
	}
	rows, err := json.Marshal(days)
	if err != nil {
		return 0, err
	}
	var written int64
	err = pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lock); err != nil {
			return err
		}
		if !incomplete {
			if err := notLess(ctx, tx, w, rows); err != nil {
				return err
			}
		}
		tag, err := tx.Exec(ctx, upsert(), rows)
		written = tag.RowsAffected()
		return err
	})
	return written, err
}

func notLess(ctx context.Context, tx pgx.Tx, w window, rows []byte) error {
	var environment string
	var had, has float64
	err := tx.QueryRow(ctx, less, w.day(), rows).Scan(&environment, &had, &has)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%s has %g running hours on record, and Prometheus knows of %g; try: -incomplete if Prometheus is right", environment, had, has)
}
