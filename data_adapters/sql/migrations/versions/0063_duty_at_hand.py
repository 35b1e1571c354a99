"""What a job remembers as a text; who caused a notice is found without looking at all of them."""

from alembic import op

revision = "0063"
down_revision = "0062"

MARKS = """
CREATE TABLE job_marks (job text PRIMARY KEY, mark text NOT NULL);
COMMENT ON TABLE job_marks IS 'what a job of jobs.py did last, so that it does it once: for which calendar clocks were counted';
CREATE INDEX outbox_caused ON outbox ((params->>'by'), created_at DESC);
"""


def upgrade() -> None:
    op.execute(MARKS)


def downgrade() -> None:
    op.execute("DROP TABLE job_marks; DROP INDEX outbox_caused")
