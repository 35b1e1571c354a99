"""What each feed brought, minute by minute, which devices it brought, and how the ways to it do."""

from alembic import op

revision = "0065"
down_revision = "0064"

TABLES = """
CREATE TABLE feed_minutes (
    feed text NOT NULL, worker integer NOT NULL, minute timestamptz NOT NULL, last_at timestamptz NOT NULL,
    stored bigint NOT NULL, duplicate bigint NOT NULL, rejected bigint NOT NULL,
    reports bigint NOT NULL, due bigint NOT NULL, suspect bigint NOT NULL, lags bigint[] NOT NULL,
    PRIMARY KEY (feed, worker, minute)
);
COMMENT ON TABLE feed_minutes IS 'what each feed brought by the minute in which it was stored (domain/feed_tally.py)';
CREATE INDEX feed_minutes_minute ON feed_minutes (minute);
CREATE TABLE feed_devices (
    device_id text NOT NULL, feed text NOT NULL, first_day date NOT NULL, last_day date NOT NULL, PRIMARY KEY (device_id, feed)
);
COMMENT ON TABLE feed_devices IS 'which feed brought which device, first and last by UTC day; a device belongs to whoever brought it last';
CREATE TABLE feed_ways (
    feed text NOT NULL, way text NOT NULL CHECK (way IN ('poll', 'post')), asked_at timestamptz NOT NULL, answered_at timestamptz,
    failures bigint NOT NULL, failing_since timestamptz, next_at timestamptz, error text NOT NULL, PRIMARY KEY (feed, way)
);
COMMENT ON TABLE feed_ways IS 'a system that is asked (poll) or that posts: last asked, last answer, failures since, last error in words';
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE feed_minutes, feed_devices, feed_ways")
