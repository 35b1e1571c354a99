"""Everybody who has written a plan's draft: none of them approves it."""

from alembic import op

revision = "0074"
down_revision = "0073"


def upgrade() -> None:
    """Whoever wrote what is there is its only known author."""
    op.execute("ALTER TABLE plans ADD COLUMN authors text[] NOT NULL DEFAULT '{}'")
    op.execute("UPDATE plans SET authors = ARRAY[drafted_by]")


def downgrade() -> None:
    """Back to the last author alone."""
    op.execute("ALTER TABLE plans DROP COLUMN authors")
