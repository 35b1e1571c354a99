"""What other systems stated (the Event output), once each, and how far each consumer has dealt with it.

`txid` and `seq` give the order in which a reader may take them without ever missing a late commit (data_adapters/sql/event_queue.py).
"""

from alembic import op

revision = "0069"
down_revision = "0068"

STATEMENTS = (
    """CREATE TABLE feed_events (
        feed text NOT NULL,
        event_id text NOT NULL,
        kind text NOT NULL,
        at timestamptz NOT NULL,
        device_id text,
        lon double precision,
        lat double precision,
        facts jsonb NOT NULL,
        digest text NOT NULL,
        received_at timestamptz NOT NULL,
        source_at text,
        txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
        seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (feed, event_id))""",
    "CREATE INDEX feed_events_in_turn ON feed_events (txid, seq)",
    "CREATE INDEX feed_events_received ON feed_events (received_at)",
    "CREATE INDEX feed_events_of_kind ON feed_events (kind, at)",
    "CREATE INDEX feed_events_of_device ON feed_events (device_id, (facts->>'type'), at) WHERE kind = 'video_alarm'",
    "CREATE TABLE event_cursors (consumer text PRIMARY KEY, txid xid8 NOT NULL, seq bigint NOT NULL)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE event_cursors")
    op.execute("DROP TABLE feed_events")
