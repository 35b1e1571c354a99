"""Days whose readings retention has touched, and the roll-ups made of them since."""

from alembic import op

revision = "0011"
down_revision = "0010"

TABLES = """
CREATE TABLE forgotten_days (day date PRIMARY KEY);
CREATE TABLE fresh_rollups (device_id text NOT NULL, metric text NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (device_id, metric, at));
CREATE INDEX fresh_rollups_at ON fresh_rollups (at);
"""


def upgrade() -> None:
    op.execute(TABLES)
