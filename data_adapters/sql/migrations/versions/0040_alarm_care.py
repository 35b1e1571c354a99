"""Maintenance silences 检修屏蔽, and what people and the clock decide about alarms: silenced, false."""

from alembic import op

revision = "0040"
down_revision = "0050"

CARE = """
CREATE TABLE alarm_silences (
    silence_id uuid PRIMARY KEY, device_id text NOT NULL DEFAULT '', kind text NOT NULL DEFAULT '', region text NOT NULL DEFAULT '',
    rule_id text NOT NULL DEFAULT '', departments text[] NOT NULL DEFAULT '{}',
    starts timestamptz NOT NULL, ends timestamptz NOT NULL CHECK (ends > starts), reason text NOT NULL CHECK (reason <> ''),
    made_by text NOT NULL, recorded_at timestamptz NOT NULL, ended_at timestamptz, ended_by text NOT NULL DEFAULT '',
    CHECK (device_id <> '' OR kind <> '' OR region <> '' OR rule_id <> '')
);
COMMENT ON TABLE alarm_silences IS 'what is empty covers everything; departments: those of its maker, none: all';
CREATE INDEX alarm_silences_when ON alarm_silences (ends);
ALTER TABLE alarms ADD COLUMN silence_id uuid, ADD COLUMN false_at timestamptz, ADD COLUMN false_by text;
CREATE INDEX alarms_silenced ON alarms (silence_id) WHERE silence_id IS NOT NULL;
CREATE INDEX alarms_raised ON alarms (raised_at);
"""


def upgrade() -> None:
    op.execute(CARE)


def downgrade() -> None:
    op.execute("DROP INDEX alarms_raised; DROP INDEX alarms_silenced; DROP TABLE alarm_silences")
    op.execute("ALTER TABLE alarms DROP COLUMN silence_id, DROP COLUMN false_at, DROP COLUMN false_by")
