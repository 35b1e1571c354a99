"""Online and offline keep their past: one row for each change, so that the picture of a past moment can say it."""

from alembic import op

revision = "0016"
down_revision = "0001"

TABLE = """
CREATE TABLE presence_changes (
    device_id text NOT NULL, received_at timestamptz NOT NULL, online boolean NOT NULL,
    PRIMARY KEY (device_id, received_at)
);
CREATE INDEX presence_changes_when ON presence_changes (received_at);
INSERT INTO presence_changes (device_id, received_at, online) SELECT device_id, received_at, online FROM presence;
"""


def upgrade() -> None:
    op.execute(TABLE)
