-- Two questions of a manager. Parameters: month (its first day), and the company's prices of a requested core-hour, GiB-hour and GPU-hour:
--   psql -v month=2026-10-01 -v core=0.03 -v gib=0.004 -v gpu=2.50 --file queries.sql

\echo 'What did each team cost, asked and used?'
SELECT team,
       count(DISTINCT (namespace, environment)) AS environments,
       sum(running_hours)::numeric(12, 1) AS hours,
       sum(asked)::numeric(12, 2) AS asked,
       sum(used)::numeric(12, 2) AS used,
       round(100 * sum(used) / nullif(sum(asked), 0)) AS "used %"
FROM environment_days,
     LATERAL (SELECT core_hours_requested * :core + gib_hours_requested * :gib + gpu_hours_requested * :gpu AS asked,
                     core_hours_used * :core + gib_hours_used * :gib + gpu_hours_used * :gpu AS used) AS cost
WHERE day >= :'month'::date AND day < :'month'::date + interval '1 month'
GROUP BY team
ORDER BY sum(asked) DESC, team;

\echo 'Who owns the most unused hours?'
-- Use above the request is not set against another's or another day's idling.
SELECT owner,
       team,
       sum(greatest(core_hours_requested - core_hours_used, 0))::numeric(12, 1) AS "unused core-hours",
       sum(greatest(gib_hours_requested - gib_hours_used, 0))::numeric(12, 1) AS "unused GiB-hours",
       sum(greatest(gpu_hours_requested - gpu_hours_used, 0))::numeric(12, 1) AS "unused GPU-hours",
       sum(running_hours - session_hours)::numeric(12, 1) AS "hours with nobody",
       sum(greatest(core_hours_requested - core_hours_used, 0) * :core + greatest(gib_hours_requested - gib_hours_used, 0) * :gib
         + greatest(gpu_hours_requested - gpu_hours_used, 0) * :gpu)::numeric(12, 2) AS cost
FROM environment_days
WHERE day >= :'month'::date AND day < :'month'::date + interval '1 month'
GROUP BY owner, team
ORDER BY cost DESC, owner
LIMIT 5;
