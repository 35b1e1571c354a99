"""Units that are sent, where they are, and what helps beside them: stores, shelters, hospitals, experts, teams."""

from alembic import op

revision = "0025"
down_revision = "0021"

UNITS = """
CREATE TABLE units (
    unit_id text PRIMARY KEY CHECK (length(unit_id) BETWEEN 1 AND 64), name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('crew', 'vehicle', 'person')), capabilities text[] NOT NULL,
    home_lon double precision NOT NULL, home_lat double precision NOT NULL, region text NOT NULL, department text NOT NULL,
    devices text[] NOT NULL DEFAULT '{}', members text[] NOT NULL DEFAULT '{}', phone text NOT NULL DEFAULT '',
    on_shift boolean NOT NULL DEFAULT true, active boolean NOT NULL DEFAULT true, source text NOT NULL
);
CREATE INDEX units_devices ON units USING gin (devices);
CREATE TABLE unit_steps (
    step_id uuid PRIMARY KEY, unit_id text NOT NULL REFERENCES units, state text NOT NULL, at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL, incident_id uuid REFERENCES incidents, lon double precision, lat double precision,
    actor text NOT NULL, irregular text[] NOT NULL
);
CREATE INDEX unit_steps_unit ON unit_steps (unit_id, recorded_at);
CREATE INDEX unit_steps_incident ON unit_steps (incident_id, at) WHERE incident_id IS NOT NULL;
CREATE TABLE unit_status (
    unit_id text PRIMARY KEY REFERENCES units, state text NOT NULL, since timestamptz, run text NOT NULL,
    lon double precision, lat double precision, times jsonb NOT NULL, version integer NOT NULL
);
CREATE INDEX unit_status_run ON unit_status (run) WHERE run <> '';
CREATE VIEW unit_positions AS
    SELECT u.unit_id, p.device_id, p.at, p.lon, p.lat, p.speed, p.course, p.received_at
    FROM units u JOIN positions p ON p.device_id = ANY(u.devices)
    UNION ALL
    SELECT s.unit_id, NULL, s.at, s.lon, s.lat, NULL, NULL, s.recorded_at FROM unit_steps s WHERE s.lon IS NOT NULL;
COMMENT ON VIEW unit_positions IS 'where units were: by the devices they carry, and by what their crews said';
CREATE TABLE resources (
    resource_id text PRIMARY KEY, name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('team', 'store', 'shelter', 'hospital', 'expert')),
    region text NOT NULL, department text NOT NULL, lon double precision NOT NULL, lat double precision NOT NULL,
    phone text NOT NULL, capabilities text[] NOT NULL, capacity integer, free integer, stock jsonb NOT NULL DEFAULT '{}',
    source text NOT NULL, updated_at timestamptz NOT NULL
);
CREATE INDEX resources_kind ON resources (kind, region);
"""


def upgrade() -> None:
    op.execute(UNITS)
