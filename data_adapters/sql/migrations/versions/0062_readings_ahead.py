"""Readings and positions whose time lies after their receipt, found alone: what a past moment knew of clocks that ran ahead."""

from alembic import op

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    for table in ("readings", "positions"):
        op.execute(f"CREATE INDEX {table}_ahead ON {table} (at) WHERE at > received_at")


def downgrade() -> None:
    op.execute("DROP INDEX readings_ahead; DROP INDEX positions_ahead")
