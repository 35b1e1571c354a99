"""Streams that video platforms play for us, and who watches them; the secrets of this instance."""

from alembic import op

revision = "0068"
down_revision = "0067"

TABLES = """
CREATE TABLE video_streams (
    stream_id uuid PRIMARY KEY,
    platform text NOT NULL, camera_id text NOT NULL, key text NOT NULL,
    asked_at timestamptz NOT NULL, used_at timestamptz NOT NULL,
    session text, urls jsonb, codec text NOT NULL DEFAULT '', expires_at timestamptz,
    retired boolean NOT NULL DEFAULT false, failed text,
    stopping_at timestamptz, again_at timestamptz, stopped_at timestamptz
);
COMMENT ON TABLE video_streams IS 'what a platform plays for us: one row for all who watch the same (key: main, sub, playback:from-to)';
CREATE UNIQUE INDEX video_streams_playing ON video_streams (platform, camera_id, key) WHERE stopped_at IS NULL AND NOT retired;
CREATE INDEX video_streams_open ON video_streams (stream_id) WHERE stopped_at IS NULL;
CREATE TABLE viewings (
    viewing_id uuid PRIMARY KEY, stream_id uuid NOT NULL REFERENCES video_streams,
    username text NOT NULL, session text NOT NULL, camera_id text NOT NULL, incident_id uuid, face text NOT NULL,
    opened_at timestamptz NOT NULL, seen_at timestamptz NOT NULL, closed_at timestamptz, closed_why text, resource text
);
COMMENT ON TABLE viewings IS 'one player on one screen; the audit log keeps who watched what and how long';
CREATE INDEX viewings_open ON viewings (stream_id) WHERE closed_at IS NULL;
CREATE INDEX viewings_of ON viewings (username) WHERE closed_at IS NULL;
CREATE INDEX viewings_stream ON viewings (stream_id);
CREATE TABLE instance_secrets (name text PRIMARY KEY, secret bytea NOT NULL);
COMMENT ON TABLE instance_secrets IS 'what this instance seals its short-lived addresses with, made at the first start';
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute("DROP TABLE instance_secrets; DROP TABLE viewings; DROP TABLE video_streams")
