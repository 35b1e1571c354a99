"""The device's own word for the time of a position, where it was unusable: by it a second delivery is known."""

from alembic import op

revision = "0012"
down_revision = "0011"

STATEMENTS = """
ALTER TABLE positions ADD COLUMN source_at text;
CREATE INDEX positions_source_at ON positions (device_id, source_at) WHERE source_at IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(STATEMENTS)
