"""Pictures of video alarms: what was told of them, where they are kept, or why they are missing."""

from alembic import op

revision = "0075"
down_revision = "0074"

STATEMENTS = (
    """CREATE TABLE event_pictures (
        picture_id uuid PRIMARY KEY,
        feed text NOT NULL,
        event_id text NOT NULL,
        device_id text NOT NULL,
        type text NOT NULL,
        at timestamptz NOT NULL,
        state text NOT NULL CHECK (state IN ('waiting', 'kept', 'missing')),
        reason text NOT NULL DEFAULT '',
        sha256 text,
        media_type text,
        size bigint,
        tries integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL,
        UNIQUE (feed, event_id))""",
    "CREATE INDEX event_pictures_of_device ON event_pictures (device_id, type, at)",
    "CREATE INDEX event_pictures_due ON event_pictures (due_at) WHERE state = 'waiting'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE event_pictures")
