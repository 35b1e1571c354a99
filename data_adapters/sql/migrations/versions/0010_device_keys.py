"""By what several workers share a device, where that is not its own id."""

from alembic import op

revision = "0010"
down_revision = "0016"

TABLE = """
CREATE TABLE device_keys (device_id text PRIMARY KEY, hash bigint NOT NULL, claimed_at timestamptz NOT NULL);
"""


def upgrade() -> None:
    op.execute(TABLE)
