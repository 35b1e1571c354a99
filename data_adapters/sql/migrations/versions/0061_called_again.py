"""What is lit again after it was taken is called about again: each turn is a calling of its own."""

from alembic import op

revision = "0061"
down_revision = "0040"

TURNS = """
ALTER TABLE callings ADD COLUMN turn integer NOT NULL DEFAULT 1, DROP CONSTRAINT callings_thing_key, ADD UNIQUE (thing, turn);
COMMENT ON COLUMN callings.turn IS 'the how manieth calling about the thing; an alarm whose acknowledgement expired is called about again';
"""


def upgrade() -> None:
    op.execute(TURNS)


def downgrade() -> None:
    op.execute("DELETE FROM callings WHERE turn > 1")
    op.execute("ALTER TABLE callings DROP COLUMN turn, ADD UNIQUE (thing)")
