-- The records of use: a row per environment and day, written by cmd/record. It may be loaded again at any time:
--   psql --set ON_ERROR_STOP=1 --file schema.sql
BEGIN;

CREATE TABLE IF NOT EXISTS environment_days (
    namespace            text NOT NULL CHECK (namespace <> ''),
    environment          text NOT NULL CHECK (environment <> ''),
    day                  date NOT NULL,
    team                 text NOT NULL CHECK (team <> ''),
    owner                text NOT NULL CHECK (owner <> ''),
    node_group           text NOT NULL CHECK (node_group <> ''),
    image_base           text NOT NULL CHECK (image_base <> ''),
    asked_at             timestamptz NOT NULL,
    -- Exact numbers, so that a second run finds the very same ones.
    running_hours        numeric(6, 4) NOT NULL CHECK (running_hours > 0 AND running_hours <= 24),
    session_hours            numeric(6, 4) NOT NULL CHECK (session_hours >= 0 AND session_hours <= 24),
    core_hours_requested numeric(12, 4) NOT NULL CHECK (core_hours_requested >= 0),
    core_hours_used      numeric(12, 4) NOT NULL CHECK (core_hours_used >= 0),
    gib_hours_requested  numeric(12, 4) NOT NULL CHECK (gib_hours_requested >= 0),
    gib_hours_used       numeric(12, 4) NOT NULL CHECK (gib_hours_used >= 0),
    gib_peak             numeric(12, 4) NOT NULL CHECK (gib_peak >= 0),
    gpu_hours_requested  numeric(12, 4) NOT NULL CHECK (gpu_hours_requested >= 0),
    gpu_hours_used       numeric(12, 4) NOT NULL CHECK (gpu_hours_used >= 0),
    recorded_at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (namespace, environment, day)
);

COMMENT ON TABLE environment_days IS 'What an environment asked for and used on one day (UTC). No row: it did not run that day.';
COMMENT ON COLUMN environment_days.team IS 'Team, owner, group and image are those of the last time it ran that day.';
COMMENT ON COLUMN environment_days.asked_at IS 'When the environment was first launched.';
COMMENT ON COLUMN environment_days.running_hours IS 'What it asked for is requested divided by this: 16 core-hours in 4 hours are 4 cores.';
COMMENT ON COLUMN environment_days.session_hours IS 'Hours with at least one connection by ssh or sftp, or with the notebook open.';
COMMENT ON COLUMN environment_days.core_hours_used IS 'May be more than requested: a request is no limit.';
COMMENT ON COLUMN environment_days.gib_hours_used IS 'Of the working set, which is what an out-of-memory kill looks at.';
COMMENT ON COLUMN environment_days.gib_peak IS 'The largest working set at any of the job''s points (one a minute).';
COMMENT ON COLUMN environment_days.recorded_at IS 'When the row was last new or changed.';

-- Roles belong to the whole server, and have no IF NOT EXISTS.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'record') THEN CREATE ROLE record LOGIN; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'managers') THEN CREATE ROLE managers NOLOGIN; END IF;
END
$$;
-- The job never deletes; managers read. A manager's login is made a member: GRANT managers TO "...".
GRANT SELECT, INSERT, UPDATE ON environment_days TO record;
GRANT SELECT ON environment_days TO managers;

COMMIT;
