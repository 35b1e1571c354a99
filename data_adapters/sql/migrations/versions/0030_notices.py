"""Telling people: one outbox, callings that go on until somebody answers, and where people can be reached."""

from alembic import op

revision = "0030"
down_revision = "0025"

NOTICES = """
CREATE TABLE outbox (
    notice_id uuid PRIMARY KEY, key text NOT NULL UNIQUE, thing text NOT NULL, username text NOT NULL, channel text NOT NULL,
    template text NOT NULL, params jsonb NOT NULL, link text NOT NULL, created_at timestamptz NOT NULL, exercise boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'unsure')),
    attempts integer NOT NULL DEFAULT 0, due_at timestamptz, claimed_until timestamptz, sent_at timestamptz, read_at timestamptz,
    error text NOT NULL DEFAULT ''
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'waiting';
CREATE INDEX outbox_claimed ON outbox (claimed_until) WHERE state = 'sending';
CREATE INDEX outbox_person ON outbox (username, created_at DESC) WHERE channel = 'app';
CREATE INDEX outbox_thing ON outbox (thing, created_at);
CREATE TABLE callings (
    calling_id uuid PRIMARY KEY, thing text NOT NULL UNIQUE, template text NOT NULL, params jsonb NOT NULL, chain text[] NOT NULL,
    position integer NOT NULL, call integer NOT NULL, next_at timestamptz NOT NULL, state text NOT NULL,
    answered_by text NOT NULL, answered_at timestamptz, superior text NOT NULL
);
CREATE INDEX callings_state ON callings (state, next_at);
CREATE TABLE addresses (
    username text NOT NULL REFERENCES users, channel text NOT NULL, address text NOT NULL, PRIMARY KEY (username, channel)
);
"""


def upgrade() -> None:
    op.execute(NOTICES)
