"""The leader's office: what a leader answers for, and the append-only ledger of instructions 批示."""

from alembic import op

revision = "0077"
down_revision = "0076"

STATEMENTS = (
    """CREATE TABLE portfolios (
        username text NOT NULL REFERENCES users ON DELETE CASCADE, domains text[] NOT NULL, regions text[] NOT NULL,
        set_by text NOT NULL, valid_from timestamptz NOT NULL, valid_to timestamptz)""",
    "CREATE UNIQUE INDEX portfolios_of_now ON portfolios (username) WHERE valid_to IS NULL",
    "CREATE SEQUENCE instruction_numbers",
    """CREATE TABLE instructions (
        instruction_id uuid PRIMARY KEY, origin_center text NOT NULL, number text NOT NULL UNIQUE,
        about text NOT NULL, object text NOT NULL, title text NOT NULL, region text NOT NULL, department text NOT NULL,
        given_at timestamptz NOT NULL, version integer NOT NULL, state text NOT NULL, due_at timestamptz, exercise boolean NOT NULL)""",
    "CREATE INDEX instructions_newest ON instructions (given_at DESC)",
    "CREATE INDEX instructions_open ON instructions (due_at) WHERE state IN ('given', 'taken', 'answered')",
    """CREATE TABLE instruction_events (
        instruction_id uuid NOT NULL REFERENCES instructions, version integer NOT NULL, deed text NOT NULL, at timestamptz NOT NULL,
        actor text NOT NULL, data jsonb NOT NULL, PRIMARY KEY (instruction_id, version))""",
    """CREATE FUNCTION instruction_events_stay() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'what was written into the ledger of instructions stays'; END $$""",
    """CREATE TRIGGER instruction_events_stay BEFORE UPDATE OR DELETE ON instruction_events
        FOR EACH ROW EXECUTE FUNCTION instruction_events_stay()""",
    "CREATE INDEX incident_events_instructed ON incident_events (recorded_at DESC) WHERE deed = 'instruct'",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP INDEX incident_events_instructed")
    for table in ("instruction_events", "instructions", "portfolios"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION instruction_events_stay()")
    op.execute("DROP SEQUENCE instruction_numbers")
