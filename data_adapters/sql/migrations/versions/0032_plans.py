"""Plans 预案 with their versions, and tasks: from plans, from leaders' instructions, from minutes."""

from alembic import op

revision = "0032"
down_revision = "0031"

PLANS = """
CREATE TABLE plans (
    plan_id uuid PRIMARY KEY, code text NOT NULL, version integer NOT NULL, zh text NOT NULL, en text NOT NULL, kind text NOT NULL,
    classes text[] NOT NULL, steps jsonb NOT NULL, source text NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'approved', 'retired')),
    drafted_by text NOT NULL, drafted_at timestamptz NOT NULL, approved_by text NOT NULL DEFAULT '', approved_at timestamptz,
    UNIQUE (code, version)
);
CREATE UNIQUE INDEX plans_approved ON plans (code) WHERE state = 'approved';
CREATE TABLE tasks (
    task_id uuid PRIMARY KEY, origin_center text NOT NULL, incident_id uuid REFERENCES incidents, kind text NOT NULL, plan_id uuid,
    step text NOT NULL, level text NOT NULL, department text NOT NULL, post text NOT NULL, zh text NOT NULL, en text NOT NULL,
    state text NOT NULL CHECK (state IN ('assigned', 'acknowledged', 'done', 'cancelled')),
    assigned_by text NOT NULL, assigned_at timestamptz NOT NULL, due_at timestamptz, acknowledged_by text NOT NULL DEFAULT '',
    acknowledged_at timestamptz, ended_by text NOT NULL DEFAULT '', ended_at timestamptz, answer text NOT NULL DEFAULT '',
    region text NOT NULL, number text NOT NULL, title text NOT NULL, exercise boolean NOT NULL
);
CREATE UNIQUE INDEX tasks_step ON tasks (incident_id, kind, step) WHERE state <> 'cancelled';
CREATE INDEX tasks_open ON tasks (department, assigned_at) WHERE state IN ('assigned', 'acknowledged');
CREATE INDEX tasks_incident ON tasks (incident_id, assigned_at);
"""


def upgrade() -> None:
    op.execute(PLANS)
