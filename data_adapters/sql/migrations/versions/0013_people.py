"""When a password was set, what a token may, where a session began; the audit log found by its actor."""

from alembic import op

revision = "0013"
down_revision = "0012"

STATEMENTS = """
ALTER TABLE users ADD COLUMN password_set_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE sessions ADD COLUMN scope text NOT NULL DEFAULT 'all', ADD COLUMN address text NOT NULL DEFAULT '',
    ADD COLUMN agent text NOT NULL DEFAULT '';
CREATE INDEX audit_log_actor ON audit_log (actor, at);
CREATE INDEX audit_log_action ON audit_log (action, at);
"""


def upgrade() -> None:
    op.execute(STATEMENTS)
