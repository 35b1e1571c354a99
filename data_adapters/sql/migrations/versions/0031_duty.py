"""Duty 值班: rosters, their changes, hand-overs, the two logs, the address book, roll calls; how far a job has read."""

from alembic import op

revision = "0031"
down_revision = "0030"

DUTY = """
CREATE TABLE job_cursors (job text PRIMARY KEY, at timestamptz NOT NULL);
CREATE INDEX alarms_waiting ON alarms (raised_at) WHERE state = 'active' AND acknowledged_at IS NULL;
CREATE TABLE duty_shifts (
    shift_id uuid NOT NULL, post text NOT NULL, department text NOT NULL, username text NOT NULL REFERENCES users,
    name text NOT NULL, phone text NOT NULL, starts timestamptz NOT NULL, ends timestamptz NOT NULL CHECK (ends > starts),
    written_by text NOT NULL, valid_from timestamptz NOT NULL, valid_to timestamptz, PRIMARY KEY (shift_id, valid_from)
);
COMMENT ON TABLE duty_shifts IS 'department: a code of departments or regions, empty for the center; a change ends a row and begins one';
CREATE UNIQUE INDEX duty_shifts_now ON duty_shifts (shift_id) WHERE valid_to IS NULL;
CREATE INDEX duty_shifts_when ON duty_shifts (starts, ends) WHERE valid_to IS NULL;
CREATE TABLE duty_changes (
    change_id uuid PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('swap', 'stand_in')), shift_id uuid NOT NULL, other_shift_id uuid,
    department text NOT NULL, asked_by text NOT NULL, asked_of text NOT NULL, reason text NOT NULL, state text NOT NULL,
    asked_at timestamptz NOT NULL, agreed_at timestamptz, decided_by text NOT NULL DEFAULT '', decided_at timestamptz,
    refusal text NOT NULL DEFAULT ''
);
CREATE INDEX duty_changes_open ON duty_changes (asked_at) WHERE state IN ('asked', 'agreed');
CREATE TABLE duty_handovers (
    handover_id uuid PRIMARY KEY, department text NOT NULL, by_username text NOT NULL, at timestamptz NOT NULL, note text NOT NULL,
    open_matters jsonb NOT NULL, signed_by text NOT NULL DEFAULT '', signed_at timestamptz, signed_note text NOT NULL DEFAULT ''
);
CREATE INDEX duty_handovers_when ON duty_handovers (department, at DESC);
CREATE TABLE duty_log (
    entry_id uuid PRIMARY KEY, department text NOT NULL, at timestamptz NOT NULL, recorded_at timestamptz NOT NULL,
    username text NOT NULL, kind text NOT NULL, text text NOT NULL, link text NOT NULL
);
CREATE INDEX duty_log_when ON duty_log (department, recorded_at DESC);
CREATE TABLE telephone_log (
    call_id uuid PRIMARY KEY, department text NOT NULL, at timestamptz NOT NULL, recorded_at timestamptz NOT NULL,
    username text NOT NULL, caller text NOT NULL, phone text NOT NULL, text text NOT NULL, told text NOT NULL, address text NOT NULL,
    incident_id uuid
);
CREATE INDEX telephone_log_when ON telephone_log (department, recorded_at DESC);
CREATE FUNCTION duty_log_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER duty_log_stays BEFORE UPDATE OR DELETE ON duty_log FOR EACH ROW EXECUTE FUNCTION duty_log_stays();
CREATE TRIGGER telephone_log_stays BEFORE DELETE OR UPDATE OF department, at, recorded_at, username, caller, phone, text, told, address
    ON telephone_log FOR EACH ROW EXECUTE FUNCTION duty_log_stays();
CREATE TABLE contacts (
    contact_id uuid PRIMARY KEY, department text NOT NULL, name text NOT NULL, post text NOT NULL, phone text NOT NULL,
    written_by text NOT NULL, valid_from timestamptz NOT NULL, valid_to timestamptz
);
CREATE INDEX contacts_now ON contacts (department) WHERE valid_to IS NULL;
CREATE TABLE roll_calls (
    roll_id uuid PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('roll_call', 'duty_check')), asked_by text NOT NULL,
    asked_at timestamptz NOT NULL, departments text[] NOT NULL, nobody text[] NOT NULL
);
CREATE INDEX roll_calls_when ON roll_calls (asked_at DESC);
"""


def upgrade() -> None:
    op.execute(DUTY)
