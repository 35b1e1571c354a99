"""Information reports and reviews of incidents."""

from alembic import op

revision = "0050"
down_revision = "0032"

REPORTS = """
CREATE TABLE reports (
    report_id uuid PRIMARY KEY, incident_id uuid NOT NULL REFERENCES incidents, kind text NOT NULL
        CHECK (kind IN ('first', 'follow_up', 'final')), ordinal integer NOT NULL,
    state text NOT NULL CHECK (state IN ('drafted', 'reviewed', 'issued')), fields jsonb NOT NULL, version integer NOT NULL,
    drafted_by text NOT NULL, drafted_at timestamptz NOT NULL, reviewed_by text NOT NULL, reviewed_at timestamptz,
    issued_by text NOT NULL, issued_at timestamptz, due_at timestamptz, returned text NOT NULL,
    UNIQUE (incident_id, kind, ordinal)
);
CREATE UNIQUE INDEX reports_open ON reports (incident_id) WHERE state <> 'issued';
CREATE INDEX reports_due ON reports (due_at) WHERE state <> 'issued';
"""


def upgrade() -> None:
    op.execute(REPORTS)
