"""Public warnings: every statement that may concern the city, what it is now, and what it has set off."""

from alembic import op

revision = "0072"
down_revision = "0071"

STATEMENTS = (
    """CREATE TABLE warnings (
        warning_id uuid PRIMARY KEY,
        origin_center text NOT NULL,
        seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
        feed text NOT NULL,
        statement text NOT NULL,
        alert text NOT NULL,
        refs text[] NOT NULL,
        title text NOT NULL,
        facts jsonb NOT NULL,
        regions text[] NOT NULL,
        placed text NOT NULL,
        sent_at timestamptz NOT NULL,
        effective_at timestamptz NOT NULL,
        heard_at timestamptz NOT NULL,
        standing text,
        judged_at timestamptz,
        rules text[] NOT NULL DEFAULT '{}',
        call_from timestamptz,
        UNIQUE (feed, statement))""",
    "CREATE INDEX warnings_that_matter ON warnings (standing) WHERE standing IS NULL OR standing IN ('ahead', 'in_force', 'unclear')",
    "CREATE INDEX warnings_heard ON warnings (heard_at)",
    "CREATE INDEX warnings_alert ON warnings (feed, alert)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE warnings")
