"""Walls: what is asked of each, what each shows, and consultations held on one."""

from alembic import op

revision = "0080"
down_revision = "0079"

STATEMENTS = (
    """CREATE TABLE wall_states (
        wall text PRIMARY KEY,
        version bigint NOT NULL,
        state jsonb NOT NULL,
        by text NOT NULL,
        at timestamptz NOT NULL)""",
    """CREATE TABLE wall_shown (
        screen text PRIMARY KEY,
        wall text NOT NULL,
        shown jsonb NOT NULL,
        at timestamptz NOT NULL)""",
    """CREATE TABLE consultations (
        consultation_id uuid PRIMARY KEY,
        wall text NOT NULL,
        incident_id uuid,
        title text NOT NULL,
        held_at timestamptz NOT NULL,
        opened_by text NOT NULL,
        opened_at timestamptz NOT NULL,
        version bigint NOT NULL DEFAULT 1,
        shapes jsonb NOT NULL DEFAULT '[]',
        closed_by text NOT NULL DEFAULT '',
        closed_at timestamptz)""",
    "CREATE UNIQUE INDEX consultations_open ON consultations (wall) WHERE closed_at IS NULL",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in ("consultations", "wall_shown", "wall_states"):
        op.execute(f"DROP TABLE {table}")
