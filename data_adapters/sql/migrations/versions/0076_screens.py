"""Screens of walls: browsers that wait to be paired, and those that are."""

from alembic import op

revision = "0076"
down_revision = "0075"

STATEMENTS = (
    """CREATE TABLE screen_asks (
        code text PRIMARY KEY,
        secret_hash bytea NOT NULL UNIQUE,
        address text NOT NULL DEFAULT '',
        agent text NOT NULL DEFAULT '',
        asked_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL)""",
    """CREATE TABLE screens (
        screen_id uuid PRIMARY KEY,
        secret_hash bytea NOT NULL UNIQUE,
        name text NOT NULL,
        wall text NOT NULL,
        regions text[] NOT NULL,
        departments text[] NOT NULL,
        paired_by text NOT NULL,
        paired_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        address text NOT NULL DEFAULT '',
        agent text NOT NULL DEFAULT '',
        revoked_at timestamptz)""",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in ("screens", "screen_asks"):
        op.execute(f"DROP TABLE {table}")
