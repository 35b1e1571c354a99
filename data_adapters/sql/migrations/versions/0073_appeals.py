"""Appeals that other desks hold: their numbers and states, who appeals (apart), what was suggested, and the models that suggested it."""

from alembic import op

revision = "0073"
down_revision = "0072"

STATEMENTS = (
    """CREATE TABLE appeals (
        feed text NOT NULL, number text NOT NULL, incident_id uuid NOT NULL UNIQUE REFERENCES incidents ON DELETE CASCADE,
        channel text NOT NULL, theme text NOT NULL, department text NOT NULL, status text NOT NULL, said text NOT NULL,
        status_at timestamptz NOT NULL, deadline text NOT NULL, url text NOT NULL, reminders integer NOT NULL,
        PRIMARY KEY (feed, number))""",
    """CREATE TABLE appeal_persons (
        incident_id uuid PRIMARY KEY REFERENCES incidents ON DELETE CASCADE, person jsonb NOT NULL)""",
    """CREATE TABLE appeal_suggestions (
        incident_id uuid NOT NULL REFERENCES incidents ON DELETE CASCADE, target text NOT NULL, suggestion jsonb NOT NULL,
        made_at timestamptz NOT NULL, chosen text NOT NULL DEFAULT '', outcome text NOT NULL DEFAULT '',
        chosen_by text NOT NULL DEFAULT '', chosen_at timestamptz, PRIMARY KEY (incident_id, target))""",
    """CREATE TABLE appeal_models (
        target text NOT NULL, version text NOT NULL, trained_at timestamptz NOT NULL, cases integer NOT NULL, judged jsonb NOT NULL,
        file text NOT NULL, PRIMARY KEY (target, version))""",
    "CREATE INDEX appeal_models_newest ON appeal_models (target, trained_at DESC)",
    "CREATE INDEX incidents_of_orders ON incidents (reported_at) WHERE spine = 'order'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP INDEX incidents_of_orders")
    for table in ("appeal_models", "appeal_suggestions", "appeal_persons", "appeals"):
        op.execute(f"DROP TABLE {table}")
