"""Incidents: their events, append-only, what lists read of them, and what was attached."""

from alembic import op

revision = "0020"
down_revision = "0013"

INCIDENTS = """
CREATE SEQUENCE incident_numbers;
CREATE TABLE incidents (
    incident_id uuid PRIMARY KEY, origin_center text NOT NULL, number text NOT NULL UNIQUE, version integer NOT NULL,
    spine text NOT NULL CHECK (spine IN ('case', 'order', 'emergency')), state text NOT NULL, open boolean NOT NULL,
    source text NOT NULL, class_code text NOT NULL, title text NOT NULL, description text NOT NULL, urgency text NOT NULL,
    grade text NOT NULL, response_level text NOT NULL, region text NOT NULL, lon double precision, lat double precision,
    address text NOT NULL, device_id text NOT NULL, owner text NOT NULL, lead text NOT NULL, departments text[] NOT NULL,
    reported_at timestamptz NOT NULL, reported_by text NOT NULL, changed_at timestamptz NOT NULL, ended_at timestamptz,
    clock text NOT NULL, due_at timestamptz, near_at timestamptz, paused boolean NOT NULL,
    supervised boolean NOT NULL, carried boolean NOT NULL, deferred_until timestamptz, proposals text[] NOT NULL,
    alarms uuid[] NOT NULL, handled_by text[] NOT NULL, returns integer NOT NULL, exercise boolean NOT NULL,
    recorded_at timestamptz NOT NULL
);
COMMENT ON TABLE incidents IS 'what lists read; every row can be made again from incident_events';
CREATE INDEX incidents_open ON incidents (reported_at DESC) WHERE open;
CREATE INDEX incidents_reported ON incidents (reported_at DESC, incident_id);
CREATE INDEX incidents_region ON incidents (region, reported_at DESC);
CREATE INDEX incidents_lead ON incidents (lead, reported_at DESC);
CREATE INDEX incidents_departments ON incidents USING gin (departments);
CREATE INDEX incidents_due ON incidents (due_at) WHERE open AND NOT paused;
CREATE INDEX incidents_place ON incidents (lat, lon) WHERE open;
CREATE INDEX incidents_alarms ON incidents USING gin (alarms);
CREATE INDEX incidents_recorded ON incidents (recorded_at);
CREATE TABLE incident_events (
    event_id uuid PRIMARY KEY, incident_id uuid NOT NULL REFERENCES incidents, version integer NOT NULL CHECK (version > 0),
    kind text NOT NULL, deed text NOT NULL, at timestamptz NOT NULL, recorded_at timestamptz NOT NULL,
    actor text NOT NULL, data jsonb NOT NULL, request_id text,
    UNIQUE (incident_id, version)
);
CREATE UNIQUE INDEX incident_events_request ON incident_events (actor, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX incident_events_recorded ON incident_events (recorded_at);
CREATE FUNCTION incident_events_stay() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'incident_events is append-only'; END $$;
CREATE TRIGGER incident_events_stay BEFORE UPDATE OR DELETE ON incident_events
    FOR EACH ROW EXECUTE FUNCTION incident_events_stay();
CREATE TABLE incident_attachments (
    attachment_id uuid PRIMARY KEY, incident_id uuid NOT NULL REFERENCES incidents, sha256 text NOT NULL, media_type text NOT NULL,
    bytes bigint NOT NULL, name text NOT NULL, phase text NOT NULL CHECK (phase IN ('report', 'before', 'after', 'check', 'other')),
    taken_at timestamptz, lon double precision, lat double precision, added_by text NOT NULL, added_at timestamptz NOT NULL
);
CREATE INDEX incident_attachments_incident ON incident_attachments (incident_id, added_at);
"""


def upgrade() -> None:
    op.execute(INCIDENTS)
