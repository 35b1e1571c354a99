"""The first city: register, readings and roll-ups, alarms and their transitions, accounts, what was rejected."""

from alembic import op

revision = "0001"
down_revision = None

REGISTER = """
CREATE TABLE regions (
    code text NOT NULL, name text NOT NULL, name_en text NOT NULL DEFAULT '', parent text, level text NOT NULL,
    lon double precision, lat double precision, outline jsonb, schematic boolean NOT NULL DEFAULT false,
    valid_from timestamptz NOT NULL DEFAULT now(), valid_to timestamptz,
    PRIMARY KEY (code, valid_from)
);
CREATE UNIQUE INDEX regions_now ON regions (code) WHERE valid_to IS NULL;
CREATE TABLE departments (
    code text NOT NULL, name text NOT NULL, name_en text NOT NULL DEFAULT '',
    valid_from timestamptz NOT NULL DEFAULT now(), valid_to timestamptz,
    PRIMARY KEY (code, valid_from)
);
CREATE UNIQUE INDEX departments_now ON departments (code) WHERE valid_to IS NULL;
CREATE TABLE devices (
    device_id text NOT NULL CHECK (length(device_id) BETWEEN 1 AND 128),
    name text NOT NULL DEFAULT '', kind text NOT NULL DEFAULT '', region text NOT NULL DEFAULT '', department text NOT NULL DEFAULT '',
    lon double precision, lat double precision, interval_s double precision,
    status text NOT NULL DEFAULT 'adopted' CHECK (status IN ('adopted', 'unadopted')),
    replay boolean NOT NULL DEFAULT false, attributes jsonb NOT NULL DEFAULT '{}',
    valid_from timestamptz NOT NULL DEFAULT now(), valid_to timestamptz,
    PRIMARY KEY (device_id, valid_from)
);
CREATE UNIQUE INDEX devices_now ON devices (device_id) WHERE valid_to IS NULL;
CREATE TABLE places (
    place_id text PRIMARY KEY, name text NOT NULL, kind text NOT NULL, region text NOT NULL,
    lon double precision NOT NULL, lat double precision NOT NULL, attributes jsonb NOT NULL DEFAULT '{}'
);
CREATE TABLE city (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), settings jsonb NOT NULL);
"""

READINGS = """
CREATE TABLE readings (
    device_id text NOT NULL, metric text NOT NULL, at timestamptz NOT NULL,
    value double precision, text_value text, quality text NOT NULL,
    received_at timestamptz NOT NULL, source_at text,
    PRIMARY KEY (device_id, metric, at)
) PARTITION BY RANGE (at);
CREATE INDEX readings_at ON readings USING brin (at) WITH (pages_per_range = 32, autosummarize = on);
CREATE INDEX readings_source_at ON readings (device_id, metric, source_at) WHERE source_at IS NOT NULL;
CREATE TABLE readings_1m (
    device_id text NOT NULL, metric text NOT NULL, at timestamptz NOT NULL,
    n integer NOT NULL, sum double precision NOT NULL, min double precision NOT NULL,
    max double precision NOT NULL, last double precision NOT NULL,
    PRIMARY KEY (device_id, metric, at)
) PARTITION BY RANGE (at);
CREATE INDEX readings_1m_at ON readings_1m USING brin (at) WITH (pages_per_range = 32, autosummarize = on);
CREATE TABLE readings_1h (
    device_id text NOT NULL, metric text NOT NULL, at timestamptz NOT NULL,
    n integer NOT NULL, sum double precision NOT NULL, min double precision NOT NULL,
    max double precision NOT NULL, last double precision NOT NULL,
    PRIMARY KEY (device_id, metric, at)
) PARTITION BY RANGE (at);
CREATE TABLE rollup_marks (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, grain text NOT NULL CHECK (grain IN ('1m', '1h')),
    at timestamptz NOT NULL, devices text[]);
CREATE TABLE positions (
    device_id text NOT NULL, at timestamptz NOT NULL, lon double precision NOT NULL, lat double precision NOT NULL,
    speed double precision, course double precision, received_at timestamptz NOT NULL,
    PRIMARY KEY (device_id, at)
) PARTITION BY RANGE (at);
CREATE TABLE presence (device_id text PRIMARY KEY, online boolean NOT NULL, received_at timestamptz NOT NULL);
CREATE TABLE rejected_messages (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, feed text NOT NULL, topic text NOT NULL, payload bytea NOT NULL,
    reason text NOT NULL, detail text NOT NULL, received_at timestamptz NOT NULL
);
CREATE INDEX rejected_messages_when ON rejected_messages (feed, received_at);
CREATE TABLE rejected_counts (feed text NOT NULL, reason text NOT NULL, hour timestamptz NOT NULL, n bigint NOT NULL,
    PRIMARY KEY (feed, reason, hour));
CREATE TABLE inbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, feed text NOT NULL, topic text NOT NULL, payload bytea NOT NULL,
    partition_hash bigint NOT NULL, received_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE series (device_id text NOT NULL, metric text NOT NULL, PRIMARY KEY (device_id, metric));
CREATE TABLE deaf_spans (worker integer NOT NULL, from_at timestamptz NOT NULL, to_at timestamptz NOT NULL, PRIMARY KEY (worker, from_at));
CREATE TABLE mqtt_sessions (client_id text PRIMARY KEY, filters text[] NOT NULL, prefix text NOT NULL, beat text NOT NULL);
CREATE TABLE feed_memory (feed text NOT NULL, key text NOT NULL, memory jsonb NOT NULL, PRIMARY KEY (feed, key));
CREATE TABLE feed_health (
    feed text NOT NULL, worker integer NOT NULL, last_message_at timestamptz,
    stored bigint NOT NULL DEFAULT 0, duplicate bigint NOT NULL DEFAULT 0, rejected bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (feed, worker)
);
CREATE TABLE ingest_progress (worker integer PRIMARY KEY, workers integer NOT NULL, progressed_to timestamptz NOT NULL,
    lag_s double precision NOT NULL, beat_at timestamptz NOT NULL);
"""

ALARMS = """
CREATE SEQUENCE alarm_numbers;
CREATE TABLE alarms (
    alarm_id uuid PRIMARY KEY, origin_center text NOT NULL, number text NOT NULL UNIQUE,
    rule_id text NOT NULL, device_id text NOT NULL, metric text NOT NULL, region text NOT NULL, department text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('critical', 'major', 'minor', 'warning')),
    state text NOT NULL CHECK (state IN ('active', 'cleared', 'withdrawn')),
    raised_at timestamptz NOT NULL, cleared_at timestamptz, raised_value double precision, limit_value double precision,
    acknowledged_at timestamptz, acknowledged_by text, recorded_at timestamptz NOT NULL
);
CREATE INDEX alarms_series ON alarms (device_id, metric, rule_id, raised_at);
CREATE INDEX alarms_active ON alarms (state, raised_at) WHERE state = 'active';
CREATE TABLE alarm_transitions (
    transition_id uuid PRIMARY KEY, alarm_id uuid NOT NULL REFERENCES alarms, kind text NOT NULL,
    at timestamptz NOT NULL, recorded_at timestamptz NOT NULL, actor text NOT NULL, value double precision, note text NOT NULL DEFAULT ''
);
CREATE INDEX alarm_transitions_alarm ON alarm_transitions (alarm_id, recorded_at);
CREATE INDEX alarm_transitions_when ON alarm_transitions (recorded_at);
"""

ACCOUNTS = """
CREATE TABLE users (
    username text PRIMARY KEY, name text NOT NULL DEFAULT '', password_hash text NOT NULL, password_initial boolean NOT NULL DEFAULT true,
    active boolean NOT NULL DEFAULT true, demo boolean NOT NULL DEFAULT false, created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE sign_in_attempts (
    username text NOT NULL, address text NOT NULL, failures integer NOT NULL, last_at timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,
    PRIMARY KEY (username, address)
);
CREATE INDEX sign_in_attempts_when ON sign_in_attempts (last_at);
CREATE TABLE user_scopes (
    username text NOT NULL REFERENCES users, regions text[] NOT NULL, departments text[] NOT NULL, roles text[] NOT NULL,
    valid_from timestamptz NOT NULL, valid_to timestamptz, PRIMARY KEY (username, valid_from)
);
CREATE TABLE sessions (
    session_hash bytea PRIMARY KEY, username text NOT NULL REFERENCES users, kind text NOT NULL CHECK (kind IN ('web', 'token')),
    label text NOT NULL DEFAULT '', created_at timestamptz NOT NULL, last_seen_at timestamptz NOT NULL,
    expires_at timestamptz, revoked_at timestamptz
);
CREATE INDEX sessions_user ON sessions (username) WHERE revoked_at IS NULL;
CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz NOT NULL, actor text NOT NULL, action text NOT NULL,
    object text NOT NULL DEFAULT '', outcome text NOT NULL, address text NOT NULL DEFAULT '', detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_when ON audit_log (at);
"""


def upgrade() -> None:
    for part in (REGISTER, READINGS, ALARMS, ACCOUNTS):
        op.execute(part)
